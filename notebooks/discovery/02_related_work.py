# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 2 Related work
#
# **Question.** Others have asked before which words can be seen. Is counting neurons better than the simplest way to
# ask: do pictures that share a word look alike?
#
# **What each line of work does**, in the paper's order (its section 2), and what this book takes from it:
#
# | line of work | what it does | here |
# | --- | --- | --- |
# | attributes and concepts from the Web | One classifier a word, of what a search for the word returns: for colours and patterns {cite}`ferrari2007`, for words that start from a few examples and bring in more of themselves {cite}`chen2013`, for all phrases around one concept {cite}`divvala2014`. The words are given, or chosen by how well a classifier does. | words are adjectives of the texts; the classifiers of [4.2](04_2_visualness) |
# | visualness of a shop's words | The nearest relative {cite}`berg2010`: attributes of products, scored by how well a classifier on local features recognises them. | the random baseline of [4.2](04_2_visualness), with a network's features |
# | what neurons represent | Neurons of networks trained for objects or scenes respond to parts and textures {cite}`zeiler2014,zhou2015`, few of them to one attribute {cite}`escorcia2015`. | the prime units of [4.1](04_1_divergence) |
# | where in the image | Gradients of a class by the pixels {cite}`simonyan2013`; the places without which a neuron falls silent {cite}`zhou2015`. | section 6 |
#
# None of them needs a divergence to say how visual a word is. Two years after the paper, another score of the same kind
# came from the study of texts with pictures {cite}`hessel2018`. A word is **concrete** if the nearest neighbours of its
# images have the word, too, more often than by chance. It needs neither a classifier nor a histogram, and makes the
# runnable comparison of this page.

# %% tags=["parameters", "remove-cell"]
profile = "embedded"
corpus = "atelier-shop"
backbone = "caffenet-mini"
seed = 0
book = False
neighbours = 50  # of each image, as in the work that the score is from
rarest = 20  # words with fewer training images than this are left out
resamples = 500  # of words, for intervals
word = "striped"  # the word that is worked through

# %% tags=["hide-input"]
from functools import partial

import pandas as pd

from neuroattr import backbone as networks, discovery, explorer, figures, papers, recorded, statistics
from neuroattr.chapter import Chapter
from neuroattr.corpus import norms
from neuroattr.studies.people import voters

PAPER = papers.load("discovery").constants
page = Chapter("discovery/02_related_work", corpus=corpus, backbone=backbone, profile=profile, book=book)
network = networks.load(backbone)
market = recorded.load(corpus, network, seed=seed)
listings = market.corpus
page.uses(listings, network)

# %% [markdown]
# As in [section 4.1](04_1_divergence): the training half, words that enough of its images have, and one row of
# activations an image.

# %% tags=["hide-input"]
half = market.part("train")
train, responses = half.corpus, half.responses
words, counts = half.frequent(at_least=rarest), train.frequency
mentions = half.mentions(words)

# %% [markdown]
# ## One word: the company its images keep
#
# The last layer of the network makes each image a point; near means a small angle between two points. With $V_u$ the
# images of a word $u$ and $NN_k(v)$ the $k$ nearest neighbours of an image $v$ among all others,
#
# $$\text{concreteness}(u) = \frac{\sum_{v \in V_u} |NN_k(v) \cap V_u| \,/\, (k\,|V_u|)}{(|V_u| - 1) / (N - 1)} :$$
#
# the share of the neighbours that have the word, over the share that chance would give.

# %% tags=["hide-input"]
last = network.layers[-1]
near = discovery.nearest(responses.sel(unit=responses.layer == last).to_numpy(), neighbours=neighbours)
company = discovery.neighbour_purity(near, mentions, words=words)
one = company.sel(word=word)
found = {"images with the word": int(counts[word]), "neighbours that have it": f"{float(one['share']):.1%}",
         "by chance": f"{float(one['chance']):.1%}", "concreteness": f"{float(one['lift']):.2f}"}
page.table(pd.Series(found, name="value").rename_axis("of the word"), caption=f"“{word}”, {neighbours} neighbours of each image")

# %% [markdown]
# Two images of the word with the most neighbours that have it, and two with the fewest: each row begins with the image,
# its five nearest neighbours follow.

# %% tags=["hide-input"]
said = train.mention(word)
among = pd.Series(said[near].mean(axis=1))[said].sort_values(kind="stable")
rows = [*among.index[:-3:-1], *among.index[:2]]
grid = explorer.Thumbnails(train).grid((row, *near[row][:5]) for row in rows)
captions = [[f"“{word}”", *(f"“{word}”" if said[image] else "" for image in near[row][:5])] for row in rows]
page.figure(
    figures.image_grid(grid, titles=[f"{among[row]:.0%} of {neighbours}" for row in rows], captions=captions),
    "company",
    alt=f"Four images with {word}, each with its five nearest neighbours: two that are among their like and two that are not.",
)

# %% [markdown]
# ## All words, in two ways
#
# The same for every word, beside the divergence of [section 4.1](04_1_divergence): the largest over all units, less
# what so few images would give by chance.

# %% tags=["hide-input"]
score = partial(statistics.corrected_divergence, smoothing=PAPER.smoothing)
scores = pd.DataFrame({"concreteness": company["lift"].to_series(), "divergence": half.scores(score, words).max("unit").to_series()})
kinds = listings.truth.kinds.reindex(words)
page.figure(
    figures.scatter(scores, kinds, labels=("concreteness (share of neighbours over chance)", "divergence (nats, corrected)")),
    "two-scores",
    alt="Concreteness by neighbours against the largest corrected divergence of each word, by kind of word.",
    data=scores.assign(kind=kinds),
)

# %% [markdown]
# Both are scores of *what kind of thing is in the picture* as much as of its looks: neighbours in the last layer of a
# network are of one category first. So each has a second version that leaves the category out. For concreteness, chance
# is that of words dealt out at random within each category; for divergence, the images without the word are weighted to
# the categories of those with it ([section 4.1](04_1_divergence)).

# %% tags=["hide-input"]
category = train.strata("category")
matched = discovery.matching(mentions, category).matched >= rarest
kept = [name for name, enough in zip(words, matched, strict=True) if enough]
within = discovery.neighbour_purity(near, mentions[:, matched], strata=category, words=kept)["lift"].to_series()
alike = discovery.matched_scores(responses, mentions[:, matched], category, score, bins=PAPER.bins, words=kept)
scores = scores.loc[kept].assign(**{"concreteness, matched": within, "divergence, matched": alike.max("unit").to_series()})
lists = {name: scores[name].sort_values(ascending=False, kind="stable").index for name in scores}
table = {name: {"most": " ".join(ranked[:10]), "least": " ".join(ranked[:-11:-1])} for name, ranked in lists.items()}
page.table(pd.DataFrame(table).T.rename_axis("score"), caption=f"Ten most and ten least visual of {len(kept)} words")

# %% [markdown]
# ## Which comes closer to people?
#
# People are simulated annotators where the corpus is generated, and published ratings of visual strength where it is
# real ([section 4.3](04_3_human_perception)). Beside them, the AUC of words that are known to be visual against words
# that are known not to be. Intervals are over words.

# %% tags=["hide-input"]
votes = listings.truth.votes
if votes is None:
    people, name_of_people = norms.lancaster(), "Lancaster visual strength"
else:
    box = discovery.ballots(votes["word"], votes["pair"], votes["answer"])
    people, name_of_people = discovery.human_visualness(box, theta=PAPER.theta).visualness.to_series(), voters(listings)
both = [name for name in kept if name in people.index]
known = [name for name in kept if kinds[name] in ("visual", "non-visual")]
human, options = people[both].to_numpy(), {"draws": resamples, "seed": seed}

# %% [markdown]
# Agreement of the order of words by each score with the order by people:

# %% tags=["hide-input"]
close = {name: discovery.agreement(scores[name][both].to_numpy(), human, **options).spearman for name in scores}
apart = {name: statistics.auc(scores[name][known].to_numpy(), (kinds[known] == "visual").to_numpy()) for name in scores}
page.figure(
    figures.ranking([one.value for one in close.values()], list(close), label="Spearman with people",
                    low=[one.low for one in close.values()], high=[one.high for one in close.values()]),
    "people",
    alt=f"Spearman correlation of each score with {name_of_people}, with intervals.",
    data=pd.DataFrame({name: [one.value, one.low, one.high, one.n] for name, one in close.items()},
                      index=["spearman", "low", "high", "words"]).T.rename_axis("score"),
)

# %% [markdown]
# The scores share their words, so their differences are resampled with the words kept together; a difference whose
# interval holds zero is none.

# %% tags=["hide-input"]
compared = {"divergence, not concreteness": ("divergence", "concreteness"),
            "divergence, not concreteness (both matched)": ("divergence, matched", "concreteness, matched")}
gaps = {label: discovery.advantage(scores[one][both].to_numpy(), scores[other][both].to_numpy(), human, **options).spearman
        for label, (one, other) in compared.items()}
rows = {name: {"Spearman with people": str(close[name]), "AUC, visual words": str(apart[name])} for name in scores}
page.table(pd.DataFrame(rows).T.rename_axis("score"), caption=f"Four scores against people ({name_of_people}) and known kinds")

# %% [markdown]
# And the differences, of plain scores and of matched ones:

# %% tags=["hide-input"]
gained = pd.Series({label: str(gap) for label, gap in gaps.items()}, name="more agreement with people (Spearman)")
page.table(gained.rename_axis("score"), caption=f"Paired differences over {len(both)} words")

# %% [markdown]
# ## Paper beside here
#
# The section prints no number, and the score by neighbours is younger than the paper. Ours:

# %% tags=["hide-input"]
for name, estimate in close.items():
    id = name.replace(", ", "_")
    page.record(f"related.{id}", estimate, title=f"Spearman with people of {name}", note=name_of_people)
for label, gap in gaps.items():
    page.record(f"related.gap.{'matched' if 'both' in label else 'plain'}", gap, title=f"Spearman gained by {label}", note=name_of_people)
page.beside()

# %% [markdown]
# The claim that a divergence is larger for visual words is decided in [section 4.1](04_1_divergence):

# %% tags=["hide-input"]
page.claims(["divergence-separates"])

# %% [markdown]
# ## What is not compared
#
# Concreteness is one number a word. It names no unit, no depth and no region, and it gives no classifier: what the
# divergence is for begins where this page ends. Nor is the network of the later work used, or its data. The web-scale
# methods of the first lines of the table need searches that nobody can repeat.
#
# :::{admonition} Exercise
# :class: exercise
# Neighbours in the *first* layer share colours, those in the last one categories. For which words is the concreteness
# of the first layer larger?
# :::
#
# :::{admonition} Solution
# :class: dropdown
# `shallow = responses.sel(unit=responses.layer == network.layers[0]).to_numpy()`, then
# `discovery.neighbour_purity(discovery.nearest(shallow, neighbours=neighbours), mentions, words=words)["lift"]`;
# take `company["lift"]` off and sort. Colours come first.
# :::
