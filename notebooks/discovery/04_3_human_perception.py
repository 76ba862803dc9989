# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 4.3 Human perception
#
# **Question.** Which words can people see?
#
# **What the paper did.** For each of the 100 most frequent words it showed 50 pairs of images, one
# with the word and one without, to five people each. They chose the image that is more of the word,
# or “none”. With $h^+_k(u)$ votes for the positive image of pair $k$, human visualness is (equation
# 3, {cite}`vittayakorn2016`)
#
# $$H(u) = \frac{1}{N} \sum_k \mathbb{1}\bigl[h^+_k(u) > \theta\bigr], \qquad \theta = 3 .$$
#
# A method is good if its visualness correlates with $H$ over the words: that is the next section,
# [4.4](04_4_experiments). Here it is about the yardstick itself: what people say, how sure that is,
# and what text alone would have said.
#
# The paper's votes are not public. On a generated market **simulated annotators** vote, who know
# what was drawn and err at their own rates. On real products **published norms** stand in for
# votes: ratings of words by people who saw no picture at all. Lancaster's visual strength comes
# first, Brysbaert's concreteness and Glasgow's imageability beside it. They say how much a thing is
# experienced by sight, not how visible a word is in clothes: “party” is rated as very visual and
# “soft” is not. Agreement with them has another ceiling than agreement with votes.

# %% tags=["parameters", "remove-cell"]
profile = "embedded"
corpus = "atelier-shop"
backbone = "caffenet-mini"
seed = 0
book = False
rarest = 10  # test and validation need so many images of a word
most = 100  # so many of the most frequent words, as in the paper
splits = 200  # random halves of the votes, for the noise ceiling
resamples = 500  # of words, for intervals
prior_source = "coca"  # adjectives before nouns: "coca" (American English), "reviews" (of clothes)

# %% tags=["hide-input"]
import pandas as pd

from neuroattr import backbone as networks
from neuroattr import discovery, figures, papers, people, recorded
from neuroattr.book.chapter import Chapter
from neuroattr.people import norms
from neuroattr.studies import comparison

PAPER = papers.load("discovery").constants
page = Chapter(
    "discovery/04_3_human_perception", corpus=corpus, backbone=backbone, profile=profile, book=book
)

# %% [markdown]
# ## Words that people judged
#
# The most frequent words that people judged, with enough images in every part and in at least one
# category ([section 4.2](04_2_visualness)), at most as many as in the paper. Where norms stand in,
# a word needs a rating.

# %% tags=["hide-input"]
market = recorded.load(corpus, networks.load(backbone), seed=seed)
listings, network = market.corpus, market.network
page.uses(listings, network)
asked = people.judged(listings)
words = market.learnable(at_least=rarest, among=asked)[:most]
human = people.judgements(listings, words, theta=PAPER.theta)
used = f"{len(words)} of them have enough images and are used below"
page.say(f"{len(asked)} words were judged; {used}.")

# %% [markdown]
# ## What people say
#
# With votes: $H$ of equation 3 and its binomial interval from the number of pairs. With norms: the
# rating as it was published, without an interval, because a norm is one value a word. The thirty
# words at the ends of the scale:

# %% tags=["hide-input"]
by_people = human.visualness.to_series()
ranked = by_people.sort_values(ascending=False, kind="stable").index
shown = [*ranked[:15], *ranked[-15:]]
interval = {}
if human.ballots is not None:
    interval["low"] = human.low.sel(word=shown).to_numpy()
    interval["high"] = human.high.sel(word=shown).to_numpy()
page.figure(
    figures.ranking(by_people[shown].to_numpy(), shown, label=human.title, **interval),
    "people",
    alt=f"The fifteen words of largest and the fifteen of smallest {human.title}.",
    data=people.table(human).rename_axis("word"),
)

# %% [markdown]
# Which kinds of word are these? Kinds are what the generator states, or what the catalogue's own
# fields and the paper's list of service words say; of most real words no kind is known.

# %% tags=["hide-input"]
kinds = listings.truth.kinds.reindex(words)
page.figure(
    figures.by_kind(by_people, kinds, label=human.title),
    "kinds",
    alt=f"{human.title} of each word, in a row for each kind of word.",
    data=by_people.to_frame("people").join(kinds.rename("kind")),
)

# %% [markdown]
# ## More than θ, or at least θ?
#
# The formula counts pairs with *more than* three of five positive votes, so at least four; a plain
# majority would be three. And norms differ from each other, because people were asked different
# questions. The other yardsticks against the first one:

# %% tags=["hide-input"]
title, other = next(iter(human.others.items()))
both = pd.DataFrame({"first": by_people, "other": other.to_series()})
labels, same_scale = (human.title, title), human.ballots is not None
page.figure(
    figures.scatter(both, kinds, labels=labels, diagonal=same_scale),
    "yardsticks",
    alt=f"{title} of each word against {human.title}, by kind of word.",
    data=people.table(human).rename_axis("word"),
)

# %% [markdown]
# ## How far can agreement go?
#
# Votes are noisy, so no method can correlate perfectly with them. Halving the pairs of each word at
# random tells how much two equal sets of votes would agree; its root is the most that a method
# could reach (Pearson). Where there are no votes there is no such ceiling, and how the norms agree
# with each other is another thing. With 50 pairs $H$ moves in steps of 0.02, and its standard
# deviation is up to 0.07; both are small beside its range, so the ceiling is high.

# %% tags=["hide-input"]
found = comparison.agreements(human.others, human.visualness, draws=resamples, seed=seed)
table = found.rename(index=lambda name: f"{human.title} with {name}")
if human.ballots is not None:
    top = discovery.noise_ceiling(human.ballots, theta=PAPER.theta, draws=splits, seed=seed)
    table.loc["reliability of the votes (split half)", "Pearson"] = top.reliability
    table.loc["ceiling of any method", "Pearson"] = top.ceiling
    title = "Largest Pearson correlation with the votes that a method could have"
    page.record("noise_ceiling", top.ceiling, title=title, note=human.note)
page.table(table, index="limit", caption="What people agree on among themselves")

# %% [markdown]
# ## What text alone says
#
# The language prior asks how often a word stands before one of twenty nouns of clothing; the
# assumption is that words that can be seen modify things more often. The counts at hand are a list
# of American English with few adjectives, and reviews of clothes tagged by machine, in place of
# Google's n-grams. A word that was never counted has prior 0; how many such words there are is said
# below, and how the prior does without them. These lists come with the real products and not with
# the generated market, where nothing is shown rather than guessed.

# %% tags=["hide-input"]
nouns = PAPER.prior_noun_list
priors, counted = {}, {}
for source in [] if listings.generated else norms.COUNTS:
    for absent in norms.ABSENT:
        prior = norms.language_prior(words, nouns, source=source, absent=absent)
        title = f"{source} / absent is {absent}"
        priors[title] = prior.to_xarray()
        counted[title] = f"{prior.attrs['counted']} of {len(words)}"

# %% [markdown]
# How each of them agrees with people, with the words that were never counted at zero, or left out:

# %% tags=["hide-input"]
table = comparison.agreements(priors, human.visualness, draws=resamples, seed=seed)
table.insert(0, "words counted", list(counted.values()))
page.table(
    table, index="counts / words never counted", caption="The language prior and people"
) if priors else page.say("No counts of adjectives before nouns go with this corpus.")

# %% [markdown]
# The ends of people's list, and beside them its most and least frequent words of clothing, where
# there are counts. With many words at zero, its lower end is a matter of chance: those that were
# never counted stand there by frequency.

# %% tags=["hide-input"]
by_source = {"people": by_people}
if priors:
    by_source[f"language prior, {prior_source}"] = priors[f"{prior_source} / absent is zero"]
ends = comparison.extremes(by_source, count=10).map(" ".join)
page.table(ends, index="by", caption=f"Ten words at either end, of {len(words)}")

# %% [markdown]
# ## Paper beside here
#
# The section prints how many words, pairs and people there were; the correlations are in
# [section 4.4](04_4_experiments).

# %% tags=["hide-input"]
page.record("human_words", len(words), n=len(words), note=human.note)
if human.ballots is not None:
    votes = human.ballots.sizes
    page.record("human_pairs", votes["pair"], n=len(words), note=human.note)
    page.record("annotators", votes["vote"], n=votes["word"] * votes["pair"], note=human.note)
page.comparison()

# %% [markdown]
# The section claims nothing itself. These claims of the paper rest on its yardstick; they are
# decided in section 4.4, and the last run on real photographs said of them:

# %% tags=["hide-input"]
resting = [
    "initial-over-random",
    "resample-over-random",
    "language-prior-weak",
    "accuracy-is-not-proximity",
]
page.claims(resting)

# %% [markdown]
# ## What could not be reproduced
#
# The judgements of Mechanical Turk are not public, nor are the pictures that were judged. Simulated
# annotators see what the generator knows, so agreement with them says whether the method recovers a
# known truth, not whether it agrees with people. Norms are about words in general: agreement with
# them is a lower, blunter yardstick than votes on the pictures themselves. A class can vote on its
# own pictures: see [your own images](../your_own_images).
#
# :::{admonition} Exercise
# :class: exercise
# How many pairs would do? What is the ceiling if only ten of the fifty pairs of each word are kept?
# :::
#
# :::{admonition} Solution
# :class: dropdown
# Where there are votes:
#
# ```python
# few = human.ballots.isel(pair=slice(10))
# discovery.noise_ceiling(few, theta=PAPER.theta, draws=splits, seed=seed).ceiling
# ```
#
# With fewer pairs the halves differ more by chance, and no method could agree with such votes as
# well. Halving again to five pairs shows how fast it falls.
# :::
