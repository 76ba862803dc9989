# %% [markdown]
# # 4.3 Human perception
#
# **Question.** Are the words that a classifier can see the words that people can see?
#
# **What the paper did.** For each of the 100 most frequent words it showed 50 pairs of images, one with the word and
# one without, to five people each. They chose the image that is more of the word, or “none”. With $h^+_k(u)$ votes for
# the positive image of pair $k$, human visualness is (equation 3, {cite}`vittayakorn2016`)
#
# $$H(u) = \frac{1}{N} \sum_k \mathbb{1}\bigl[h^+_k(u) > \theta\bigr], \qquad \theta = 3 .$$
#
# A method is good if its visualness correlates with $H$ over the words (Table 1).
#
# The paper's votes are not public. On a generated market **simulated annotators** vote, who know what was drawn and err
# at their own rates. On real products **published norms** stand in for votes: ratings of words by people who saw no
# picture at all. Lancaster's visual strength comes first, Brysbaert's concreteness and Glasgow's imageability beside
# it. They say how much a thing is experienced by sight, not how visible a word is in clothes: “party” is rated as
# very visual and “soft” is not. Agreement with them has another ceiling than agreement with votes.

# %% tags=["parameters", "remove-cell"]
profile = "embedded"
corpus = "atelier-shop"
backbone = "caffenet-mini"
seed = 0
book = False
rarest = 10  # test and validation need so many images of a word
draws = 3  # balanced draws of images
resamples = 1000  # of words, for intervals

# %% tags=["hide-input"]
import numpy as np
import pandas as pd
import xarray as xr
from neuroattr import activations, backbone as networks, discovery, figures, papers
from neuroattr.chapter import Chapter
from neuroattr.corpus import load, norms

PAPER = papers.load("discovery").constants
page = Chapter("discovery/04_3_human_perception", corpus=corpus, backbone=backbone, profile=profile, book=book)
listings, network = load(corpus, seed=seed), networks.load(backbone)
responses = activations.record(network, listings).load()
listings = listings.subset(listings.ids.isin(responses.image.to_numpy()))
responses = responses.sel(image=listings.ids.to_numpy())
page.uses(listings, network)
votes, lexical = listings.truth.votes, not listings.generated  # only real products go with the lexical asset

# %% [markdown]
# ## Words that people judged
#
# The most frequent words that people judged, with enough images in every part and in at least one category
# ([section 4.2](04_2_visualness)), at most as many as in the paper. Where norms stand in, a word needs a rating.

# %% tags=["hide-input"]
split, category = listings.table.split.to_numpy(), listings.table.category.astype(str).to_numpy()
mentioned = pd.DataFrame(listings.mentions.toarray(), columns=list(listings.words))
counts, sizes = mentioned.groupby(split).sum(), mentioned.groupby(split).size()
enough = (np.minimum(counts, counts.rsub(sizes, axis=0)) >= rarest).all()
shares = mentioned.groupby([split, category]).mean()
mixed = ((shares > 0) & (shares < 1)).groupby(level=0).any().all()
rated = norms.norms(listings.words) if lexical else pd.DataFrame(index=pd.Index(listings.words, name="word"))
judged = rated["lancaster"].dropna().index if votes is None else votes["word"].unique()
asked = [name for name in listings.frequency.index if name in set(judged)]
words = [name for name in asked if enough[name] and mixed[name]][: PAPER.human_words]
pd.Series({"judged words": len(asked), "of them with enough images, used below": len(words)})

# %% [markdown]
# ## What people say
#
# With votes: $H$ of equation 3, its binomial interval from the number of pairs, and what a plain majority
# ($\geq \theta$) would give instead of the printed “more than $\theta$”. With norms: the rating as it was published,
# without an interval, because the norms carry one value a word.

# %% tags=["hide-input"]
if votes is None:
    human = rated["lancaster"][words].to_xarray()
    people, ends, majority = "Lancaster visual strength (0 to 5)", {}, None
else:
    box = discovery.ballots(votes["word"], votes["pair"], votes["answer"]).sel(word=words)
    strict = discovery.human_visualness(box, theta=PAPER.theta)
    human, ends = strict.visualness, {"low": strict.low.to_numpy(), "high": strict.high.to_numpy()}
    majority = discovery.human_visualness(box, theta=PAPER.theta, strict=False).visualness
    people = "human visualness (equation 3)"
order = human.to_series().sort_values(ascending=False, kind="stable").index
shown = [words.index(name) for name in [*order[:15], *order[-15:]]]

# %% [markdown]
# The thirty words at the ends of the scale:

# %% tags=["hide-input"]
page.figure(
    figures.ranking(
        human.to_numpy()[shown], [words[w] for w in shown], label=people, **{end: values[shown] for end, values in ends.items()}
    ),
    "people",
    alt=f"The fifteen words of largest and the fifteen of smallest {people}.",
    data=human.to_series().rename("people"),
)

# %% [markdown]
# ## How far can agreement go?
#
# Votes are noisy, so no method can correlate perfectly with them. Halving the pairs of each word at random tells how
# much two equal sets of votes would agree; its root is the most that a method could reach. Where there are no votes
# there is no such ceiling; instead, how the norms agree with each other is shown, which is another thing: they were
# asked different questions.

# %% tags=["hide-input"]
limits = {}
if votes is None:
    for other in ("brysbaert", "glasgow"):
        limits[f"Lancaster with {other}"] = discovery.agreement(rated[other][words].to_xarray(), human, draws=resamples, seed=seed).pearson
else:
    top = discovery.noise_ceiling(box, theta=PAPER.theta, draws=200, seed=seed)
    limits = {"reliability of the votes (split half)": top.reliability, "ceiling of a method's Pearson correlation": top.ceiling}
    limits["> theta with >= theta (Pearson)"] = discovery.agreement(majority, human, draws=resamples, seed=seed).pearson
limits = pd.Series({label: str(one) for label, one in limits.items()}, name="estimate and n")
page.table(limits.rename_axis("limit"), caption="What people agree on among themselves")

# %% [markdown]
# ## What classifiers say
#
# The three classifiers of section 4.2 with the pre-trained network, in the paper's plain contrast and in the one matched
# by category, and naive Bayes as the initial classifier (footnote 4 of the paper).

# %% tags=["hide-input"]
mentions, train = mentioned[words].to_numpy(), split == "train"
divergence = discovery.unit_divergence(responses[train], mentions[train], bins=PAPER.bins, smoothing=PAPER.smoothing, words=words)
prime = np.stack([discovery.prime_units(scores, count=PAPER.prime_units) for scores in divergence.to_numpy()])
usual = discovery.Protocol(draws=draws)
bayes = discovery.Protocol(draws=draws, variants=("initial",), initial="naive bayes")
plain = discovery.Examples(responses, mentions, split, words)
alike = discovery.Examples(responses, mentions, split, words, category)
asked = {"": (plain, usual), "naive Bayes, ": (plain, bayes), "matched, ": (alike, usual)}
methods = {}
for label, (examples, protocol) in asked.items():
    mean = discovery.visualness(examples, prime, protocol=protocol, seed=seed).accuracy.mean("draw")
    methods |= {f"{label}{variant}": mean.sel(variant=variant, drop=True) for variant in protocol.variants}

# %% [markdown]
# ## What text alone says
#
# The language prior asks how often a word stands before one of twenty nouns of clothing. The counts at hand are a list
# of American English with few adjectives, and reviews of clothes tagged by machine, in place of Google's n-grams; a
# word that was never counted has no value here rather than zero. These lists come with the real products and not with
# the generated market, whose row is then missing, not guessed.

# %% tags=["hide-input"]
objects, covered = [norms.singular(noun) for noun in PAPER.prior_noun_list], {}
for source in ("coca", "reviews") if lexical else ():
    pairs = norms.adjective_nouns(source)
    values = discovery.language_prior(pairs.adjective, pairs.noun, pairs["count"], words=words, objects=objects)
    seen = np.isin(words, pairs.adjective.unique())
    prior = xr.DataArray(np.where(seen, values, np.nan), coords={"word": words}, dims="word")
    methods[f"language prior, {source}"], covered[source] = prior, f"{seen.sum()} of {len(words)}"
pd.Series(covered or {"language prior": "no counts with this corpus"}, name="words that were counted")

# %% [markdown]
# ## Table 1, the rows of the pre-trained network
#
# Correlation with people over words; intervals are from resampling the words. Rows may rest on different numbers of
# words, so compare them in the next table, not here.

# %% tags=["hide-input"]
agreement = {name: discovery.agreement(row, human, draws=resamples, seed=seed) for name, row in methods.items()}
ids = {"random": "pretrained-random", "initial": "pretrained-initial", "resample": "pretrained-resample"}
if lexical:
    ids["language prior, coca"] = "language-prior"
paper = page.paper.numbers.set_index("id")["value"]
printed = {name: [paper[f"table1.{id}.{side}"] for side in ("pearson", "spearman")] for name, id in ids.items()}
page.figure(
    figures.agreements({name: (one.pearson, one.spearman) for name, one in agreement.items()}, printed=printed),
    "agreement",
    alt="Pearson and Spearman correlation of each method with people, with intervals, beside the paper's values.",
    data=pd.DataFrame({name: {"pearson": one.pearson.value, "spearman": one.spearman.value, "words": one.pearson.n}
                       for name, one in agreement.items()}).T.rename_axis("method"),
)

# %% [markdown]
# And word by word, for the paper's classifier in the matched contrast (the plain values are in the data file). Look for
# words of one kind that stand together where they should not: a classifier that is right for another reason than people.

# %% tags=["hide-input"]
kinds = listings.truth.kinds.reindex(words)
pairs = pd.DataFrame({"people": human.to_series(), "visualness": methods["matched, resample"].to_series()})
page.figure(
    figures.scatter(pairs, kinds, labels=(people, "visualness, matched by category (resample)")),
    "words",
    alt="Visualness of each word in the matched contrast against what people say, by kind of word.",
    data=pairs.assign(plain=methods["resample"].to_series(), kind=kinds),
)

# %% [markdown]
# ### Do the rows differ?
#
# They share their words, so their difference is resampled with the words kept together. A difference whose interval
# holds zero is none. The same comparison is made for “matched instead of plain”.

# %% tags=["hide-input"]
against = {"initial over random": ("initial", "random"), "resample over random": ("resample", "random"),
           "matched over plain (resample)": ("matched, resample", "resample")}
against |= {f"resample over {name}": ("resample", name) for name in methods if name.startswith("language")}
gaps = {label: discovery.advantage(methods[one], methods[other], human, draws=resamples, seed=seed)
        for label, (one, other) in against.items()}
page.table(pd.DataFrame({label: {"Pearson": str(gap.pearson), "Spearman": str(gap.spearman)} for label, gap in gaps.items()})
           .T.rename_axis("difference"), caption="Paired differences of agreement with people")

# %% [markdown]
# ### Another yardstick
#
# What would the table look like against a majority of votes, or against the other norms? Spearman's correlation of each
# method; a conclusion that turns with the yardstick is none.

# %% tags=["hide-input"]
yardsticks = {people: human}
if votes is None:
    yardsticks |= {name: rated[name][words].to_xarray() for name in ("brysbaert", "glasgow")}
else:
    yardsticks["majority of votes (>= theta)"] = majority
rows = {name: {label: str(discovery.agreement(row, yard, draws=200, seed=seed).spearman) for label, yard in yardsticks.items()}
        for name, row in methods.items()}
page.table(pd.DataFrame(rows).T.rename_axis("method"), caption="Spearman with people, by yardstick")

# %% [markdown]
# ## Table 2: most and least visual words
#
# Ten of each, and how many of them are also among people's ten. Words without a value are left out of a list. Where
# more than ten words are tied, as words that nobody sees are, the more frequent ones are taken for the more visual.

# %% tags=["hide-input"]
kept = {name: methods[name] for name in methods if name in ids or name == "matched, resample"}
lists = {name: row.to_series().dropna().sort_values(ascending=False, kind="stable").index for name, row in {"people": human, **kept}.items()}
overlap = {name: (len({*ranked[:10]} & {*lists["people"][:10]}), len({*ranked[-10:]} & {*lists["people"][-10:]}))
           for name, ranked in lists.items()}
table = {name: {"most": " ".join(ranked[:10]), "least": " ".join(ranked[:-11:-1]), "shared with people (most / least)": "{} / {}".format(*overlap[name])}
         for name, ranked in lists.items()}
page.table(pd.DataFrame(table).T.rename_axis("method"), caption=f"Ten most and ten least visual of {len(words)} words")

# %% [markdown]
# ## Paper beside here
#
# Rows of fine-tuned networks are not on this page; the [scoreboard](../scoreboard) lists them with what is known.

# %% tags=["hide-input"]
stand_in = "Lancaster visual strength in place of votes" if votes is None else "simulated annotators"
for name, id in ids.items():
    page.record(f"table1.{id}.pearson", agreement[name].pearson, note=stand_in)
    page.record(f"table1.{id}.spearman", agreement[name].spearman, note=stand_in)
for name in ("random", "initial", "resample"):
    width = prime.shape[1] if name == "initial" else responses.sizes["unit"]
    page.record(f"table1.{ids[name]}.dim", width, n=width, note=f"units of {network.title}")
matched = agreement["matched, resample"].spearman
page.record("matched_spearman", matched, title="Spearman with people of resample, matched by category", note=stand_in)
page.record("human_words", len(words), n=len(words), note=stand_in)
page.beside()

# %% [markdown]
# The claims. Those about *all networks* stay undecided here, with what the pre-trained one says as evidence.

# %% tags=["hide-input"]
for claim, label in (("initial-over-random", "initial over random"), ("resample-over-random", "resample over random")):
    gap = gaps[label]
    page.verdict(claim, None, f"pre-trained only: Pearson {gap.pearson}, Spearman {gap.spearman}")
page.decide("naive-bayes-works", {network.title: agreement["naive Bayes, initial"].spearman}, note=stand_in)
means = {name: float(methods[name].mean()) for name in ("random", "initial", "resample")}
best = max(means, key=means.get), max(means, key=lambda name: agreement[name].spearman.value)
page.verdict("accuracy-is-not-proximity", None, "pre-trained only: most accurate {}, closest to people {}".format(*best))
if lexical:
    page.decide("language-prior-weak", {"coca": gaps["resample over language prior, coca"].spearman}, note=stand_in)
    shared = f"{overlap['resample'][0]} against {overlap['language prior, coca'][0]} of ten"
    page.verdict("language-prior-differs", None, f"shared with people: {shared}; ten words are too few to decide")
page.claims()

# %% [markdown]
# ## What could not be reproduced
#
# The judgements of Mechanical Turk are not public, nor are the pictures that were judged. Simulated annotators see what
# the generator knows, so agreement with them says whether the method recovers a known truth, not whether it agrees with
# people. Norms are about words in general: agreement with them is a lower, blunter yardstick than votes on the
# pictures themselves. The paper gives no interval for any row; for a hundred words, Fisher's intervals of neighbouring
# rows of its table overlap widely.
#
# :::{admonition} Exercise
# :class: exercise
# Which single word lowers the agreement of *resample* with people most?
# :::
#
# :::{admonition} Solution
# :class: dropdown
# Leave out each in turn:
# `from neuroattr import statistics`, then `max(words, key=lambda w: statistics.pearson(*(row.drop_sel(word=w).to_numpy() for row in (methods["resample"],
# human))).value)`. Look at its pictures: does the text use it of the thing in the picture, or of something else?
# :::
