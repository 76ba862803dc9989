# %% [markdown]
# # 5. Perceptual depth
#
# **Question.** Early layers of a network respond to colours and edges, late ones to things. If a word excites some
# layers more than others, is that a property of the word: how *deep* must one look to see it?
#
# **What the paper did.** Take the most divergent unit ([section 4.1](04_1_divergence)) of every layer, and the share
# of each layer in the sum (equation 4, {cite}`vittayakorn2016`):
#
# $$S_l(u\mid D) = \frac{1}{Z}\max_{i\in l} S_i(u\mid D), \qquad Z = \sum_l \max_{i\in l} S_i(u\mid D) .$$
#
# Words are ranked by their share at each layer (table 3), the shares are averaged over words (figure 4), and at each
# layer they are correlated with how visual people find the words (figure 5).
#
# **Which network.** The paper does this for three: pre-trained, attribute-tuned and category-tuned. This page has the
# pre-trained one only. The claims about what fine-tuning changes wait for the other two and are not judged here, nor
# are those about the second dataset, Wear.

# %% tags=["parameters", "remove-cell"]
profile = "embedded"
corpus = "atelier-shop"
backbone = "caffenet-mini"
seed = 0
book = False
word = "striped"  # the word that is worked through
rarest = 20  # words with fewer training images than this are left out
shuffles = 5  # how often the words are dealt out at random, for each notion of chance
draws = 2000  # resamples of words, for intervals

# %% tags=["hide-input"]
from functools import partial

import numpy as np
import pandas as pd
import xarray as xr

from neuroattr import activations, backbone as networks, depth, discovery, figures, papers, statistics
from neuroattr.atlas import Atlas
from neuroattr.chapter import Chapter
from neuroattr.corpus import load, norms
from neuroattr.figures.depth import by_layer, dumbbells

DOCUMENT = papers.load("discovery")
PAPER = DOCUMENT.constants
page = Chapter("discovery/05_perceptual_depth", corpus=corpus, backbone=backbone, profile=profile, book=book)

# %% [markdown]
# Section 5 does not say on which images it measures. Here it is the training half, as in section 4.1, and the same
# words: those with enough training images.

# %% tags=["hide-input"]
listings, network = load(corpus, seed=seed), networks.load(backbone)
page.uses(listings, network)
train = listings.part("train")
responses = activations.record(network, listings)
train = train.subset(train.ids.isin(responses.image.to_numpy()))
responses = responses.sel(image=train.ids.to_numpy()).load()
counts, kinds = train.frequency, listings.truth.kinds
words = [name for name in train.words if rarest <= counts[name] <= len(train) - rarest]
kinds = kinds.reindex(words)
atlas = Atlas(train, responses, words, bins=PAPER.bins, smoothing=PAPER.smoothing)
atlas

# %% [markdown]
# ## One word, by hand
#
# The largest divergence in each layer, their sum $Z$, and the shares. The mean position of the layers, weighted by the
# shares, is one number for the word: its **mean depth**, 1 for a word that only the first layer sees. The paper has no
# such number; its claim about depth needs one.

# %% tags=["hide-input"]
maxima, shares = depth.layer_maxima(atlas.divergence), depth.layer_shares(atlas.divergence)
by_hand = pd.DataFrame({"units": pd.Series(network.widths), "largest divergence (nats)": maxima.sel(word=word).to_pandas()})
by_hand["share of Z"] = by_hand.iloc[:, 1] / by_hand.iloc[:, 1].sum()
assert np.allclose(by_hand["share of Z"], shares.sel(word=word))
by_hand.loc["sum (Z)"] = by_hand.sum()
page.table(by_hand.rename_axis("layer"), caption=f"“{word}”, mean depth {float(depth.mean_depth(shares).sel(word=word)):.2f}")

# %% [markdown]
# ## Table 3: the most salient words of each layer
#
# Ten words with the largest share at each layer. A word may appear at two layers, and since shares sum to one it can
# be salient at a layer because the *other* layers do not see it.

# %% tags=["hide-input"]
page.table(depth.salient_words(shares, count=10).to_pandas(), caption=f"Table 3 here: {network.title}, {listings.name}")

# %% [markdown]
# The paper's, from its own listings and CaffeNet:

# %% tags=["hide-input"]
printed = DOCUMENT.words["table3a"]
page.table(printed, caption="Table 3a of the paper")

# %% [markdown]
# Lists of ten cannot agree much where the vocabularies differ. A fairer comparison: the paper's words for a layer that
# are candidates here too, and their mean rank at the same layer here. Words placed at random would have the middle
# rank.

# %% tags=["hide-input"]
ranks = shares.to_pandas().rank(ascending=False)
both = {layer: [name for name in printed[layer] if name in ranks.index] for layer in printed if layer in ranks}
placed = pd.DataFrame({layer: {
    "paper's words found here": ", ".join(found) or "none",
    "their mean rank here": f"{ranks.loc[found, layer].mean():.0f}" if found else "",
    "middle rank": f"{(len(words) + 1) / 2:.0f}",
} for layer, found in both.items()}).T
page.table(placed.rename_axis("layer"), caption="Where the paper's salient words stand here, at the same layer")

# %% [markdown]
# ### From colours to the abstract?
#
# The claim is that colours are salient early and complex or abstract words late. So two groups are compared by their
# mean depth: the eleven basic colour terms, and abstract words. Which are abstract is known in a generated market. In
# a real catalogue nobody has said it; there they are words whose published concreteness (Brysbaert) is at most 2.5 of
# 5, without the service words.

# %% tags=["hide-input"]
basic = ("black", "white", "red", "green", "yellow", "blue", "brown", "purple", "pink", "orange", "gray", "grey")
colours = [name for name in basic if name in words]
if (kinds == "abstract").any():
    abstract = list(kinds.index[kinds == "abstract"])
else:
    vague = norms.brysbaert().reindex(words) <= 2.5
    abstract = [name for name in words if vague[name] and pd.isna(kinds[name])]
f"{len(colours)} colours and {len(abstract)} abstract words"

# %% [markdown]
# The interval is over words of each group.

# %% tags=["hide-input"]
depths = depth.mean_depth(shares).to_pandas()
deeper = depth.depth_difference(depths[abstract].to_numpy(), depths[colours].to_numpy(), draws=draws, seed=seed)
page.decide("depth-primitive-to-complex", {listings.name: deeper})
page.record("depth_abstract_colours", deeper, title="Mean depth of abstract words minus that of colour words", unit="layers")
labelled = pd.Series("neither", words).mask(pd.Series(words, words).isin(abstract), "abstract")
labelled = labelled.mask(pd.Series(words, words).isin(colours), "colour")
profiles = shares.to_pandas().groupby(labelled).mean().T
page.figure(
    figures.bars_by_layer(profiles, label="mean share of the layer", expected=1 / len(profiles), chance="even"),
    "groups",
    alt="Mean share of each layer in the divergence of colour words, abstract words and all others.",
    data=profiles,
)

# %% [markdown]
# ## How much of it is noise?
#
# The largest of many noisy numbers is large. It grows with the width of the layer and falls with the number of images
# that have the word, so a *rare* word looks as if the wide layers saw it. Two remedies:
#
# - **bias-corrected**: from each unit's divergence, what no association would give on average is taken off;
# - **beyond chance**: the words are dealt out to the images at random, and the layer's *maximum* under that shuffling
#   is taken off. Only this one sees the width of the layer.

# %% tags=["hide-input"]
corrected = atlas.scores(partial(statistics.corrected_divergence, smoothing=PAPER.smoothing))
random, options = np.random.default_rng(seed), {"bins": PAPER.bins, "smoothing": PAPER.smoothing, "words": words}
strata = {"plain": np.zeros(len(train), int), "within category": pd.factorize(train.table.category)[0]}
chance = {}
for way, codes in strata.items():
    found = []
    for _ in range(shuffles):
        rows = np.empty(len(train), int)
        rows[np.argsort(codes, kind="stable")] = np.lexsort((random.random(len(train)), codes))
        found.append(depth.layer_maxima(discovery.unit_divergence(responses, atlas.mentions[rows], **options)))
    chance[way] = xr.concat(found, "shuffle").mean("shuffle")

# %% [markdown]
# What is left of a word that means nothing is nearly nothing, and the *shares* of nearly nothing are arbitrary. So a
# ranking beyond chance is made among the words that are **seen** at all: at least one unit is associated with them,
# by the test of section 4.1 (false discovery rate 5 %).

# %% tags=["hide-input"]
pvalues = atlas.scores(lambda positive, negative: statistics.chi_square(positive, negative).pvalue)
tested = (statistics.benjamini_hochberg(pvalues.to_numpy(), axis=1) < 0.05).any(axis=1)
seen = [name for name, is_seen in zip(words, tested) if is_seen]
f"{len(seen)} of {len(words)} words are seen"

# %% [markdown]
# Mean depth against the number of images: a depth that is about the word should not follow its frequency. The last
# column counts, among seen words, how many of a layer's ten most salient ones stay those of the naive shares. Words
# of different kinds may differ in frequency, so not every relation in the first column need be noise.

# %% tags=["hide-input"]
variants = {"naive, as printed": shares, "bias-corrected": depth.layer_shares(corrected),
            "beyond chance": depth.layer_shares(atlas.divergence, chance=chance["plain"])}
number, rows = np.log(counts[words].to_numpy()), {}
for name, values in variants.items():
    deep = depth.mean_depth(values).to_numpy()
    known = np.isfinite(deep)
    group = pd.Series(deep, words)
    rows[name] = {"depth and log frequency (Spearman)": str(statistics.spearman(deep[known], number[known])),
                  "mean depth: colours": group[colours].mean(), "abstract": group[abstract].mean(),
                  "salient words kept (of 10)": float(depth.salient_overlap(shares.sel(word=seen), values.sel(word=seen), count=10).shared.mean())}
page.table(pd.DataFrame(rows).T.rename_axis("shares"), caption="What the correction changes")

# %% [markdown]
# Table 3 again, for the words that are seen, with chance taken off:

# %% tags=["hide-input"]
page.table(depth.salient_words(variants["beyond chance"].sel(word=seen), count=10).to_pandas(), caption="Table 3 here, beyond chance")

# %% [markdown]
# ## Figure 4: how much each layer diverges
#
# The paper's formula is a sum over the units of a layer, $M_l = \frac{1}{|U|}\sum_u\sum_{i\in l} S_i(u\mid D)$; its
# text and caption speak of the maximum. They are not the same: under the sum a layer counts by its number of units.
# Both are drawn, and the maximum of the bias-corrected divergence. Intervals are over words; the dashed line is an
# even share. Where no line goes with a mark, the interval is narrower than the mark.

# %% tags=["hide-input"]
again = {"draws": draws, "seed": seed}
magnitudes = {
    "maximum (text)": depth.layer_magnitudes(atlas.divergence, **again),
    "sum (formula)": depth.layer_magnitudes(atlas.divergence, pooling="sum", **again),
    "maximum, bias-corrected": depth.layer_magnitudes(corrected, **again),
}
page.figure(
    by_layer(magnitudes, value="share", label="share of the layer", level=1 / len(network.layers), level_label="even"),
    "figure-4",
    alt="Share of each layer in the average divergence: of the layer's maximum, of its sum, and bias-corrected.",
    data=pd.concat({name: table.to_dataframe() for name, table in magnitudes.items()}, names=["pooling"]).reset_index(),
)

# %% [markdown]
# “Almost equally across layers” is given a meaning: the largest layer's share is less than twice the smallest one's,
# for the maximum, which is what the text says. Two more ratios stand beside it: of the sum, and of the maximum beyond
# chance. The last matters because a part of chance in every layer can hide what differs between them.

# %% tags=["hide-input"]
pooled = {"maximum": maxima, "sum": depth.layer_maxima(atlas.divergence, pooling="sum"), "maximum beyond chance": maxima - chance["plain"]}
ratios = {}
for name, values in pooled.items():
    table = values.transpose("word", "layer").to_numpy()
    ratios[name] = statistics.bootstrap(lambda t: t.mean(0).max() / t.mean(0).min(), table, method="percentile", **again)
others = "; ".join(f"{name}: {ratios[name]}" for name in list(ratios)[1:])
page.decide("depth-pretrained-even", {network.title: ratios["maximum"]}, note=others)
ratio = pd.Series({name: str(one) for name, one in ratios.items()}, name="largest over smallest layer")
page.table(ratio.rename_axis("of a layer"), caption="How even the layers are")

# %% [markdown]
# ## Genuine leather: divergence by context
#
# The paper's lists have words that no eye can see. It explains them by the company they keep: *genuine* stands in
# listings of leather goods, and leather goods look like leather goods. A generated market knows which of its words
# are of this sort (**context** words follow the kind of product) and which follow nothing. What is compared is the
# largest divergence of a word beyond chance, in two senses:
#
# - **plain**: mentions are shuffled over all images. This takes off what the word's frequency alone gives.
# - **within category**: mentions are shuffled among images of the same category. This takes off what frequency *and*
#   category give; what is left is what pictures of one kind of product tell about the word.
#
# If the paper is right, context words stand out in the first and no longer in the second.

# %% tags=["hide-input"]
largest = maxima.max("layer").to_pandas()
beyond = pd.DataFrame({way: largest - one.max("layer").to_pandas() for way, one in chance.items()})
groups = kinds.fillna("kind not known")
summary = beyond.groupby(groups).mean().assign(words=groups.value_counts())
summary["largest divergence"] = largest.groupby(groups).mean()
page.table(summary.rename_axis("kind of word"), caption="Mean of the largest divergence (nats): as it is, and beyond chance")

# %% [markdown]
# With intervals over words. The two senses of chance are drawn one below the other for every kind of word.

# %% tags=["hide-input"]
spread = {way: {} for way in beyond}
for kind in [name for name in ("visual", "abstract", "context", "non-visual", "kind not known") if (groups == name).sum() > 3]:
    for way in beyond:
        one = statistics.bootstrap(np.mean, beyond[way][groups == kind].to_numpy(), method="percentile", **again)
        spread[way][kind] = (one.value, one.low, one.high)
page.figure(
    dumbbells(spread["plain"], spread["within category"], labels=("plain", "within category"), axis="largest divergence beyond chance (nats)"),
    "context",
    alt="Largest divergence beyond chance by kind of word, with mentions shuffled over all images and within category.",
    data=beyond.join(kinds.rename("kind")).rename_axis("word").reset_index(),
)

# %% [markdown]
# The claim is decided by the plain contrast, context words less other non-visual ones; the difference within category
# says how much of it is more than the kind of product. Where nobody knows which words are context words, as in a
# real catalogue, the claim stays undecided, and only the figure above speaks: a kind of word that falls far from the
# first mark to the second is mostly context.

# %% tags=["hide-input"]
sides = [beyond[groups == kind] for kind in ("context", "non-visual")]
if min(map(len, sides)) > 1:
    gap = {way: depth.depth_difference(*(side[way].to_numpy() for side in sides), **again) for way in beyond}
    page.decide("context-words", {listings.name: gap["plain"]}, note=f"within category: {gap['within category']}")
    for way, one in gap.items():
        title = f"Largest divergence beyond chance, context minus other non-visual words ({way})"
        page.record(f"context_{way.split()[0]}", one, title=title, unit="nats")
else:
    page.verdict("context-words", None, "which words are context words is not known of this corpus")
page.table(groups.value_counts().rename("words").rename_axis("kind of word"), caption="Words of each kind")

# %% [markdown]
# ## Figure 5: which layers agree with people
#
# At each layer the share $S_l$ is correlated with human visualness over words. In the generated market people are
# simulated annotators who vote on pairs of images, counted as the paper counts (equation 3). For real products nobody
# has voted: there **Lancaster visual strength** stands in, published ratings of how much a thing is experienced by
# sight. That is not the same: it is about the word in general, not about clothes, and rates *new* high.

# %% tags=["hide-input"]
votes = listings.truth.votes
if votes is not None:
    box = discovery.ballots(votes.word, votes.pair, votes.answer)
    people = discovery.human_visualness(box, theta=PAPER.theta).visualness.to_pandas()
else:
    people = norms.lancaster()
source = "Lancaster visual strength" if votes is None else "simulated votes"
people = people.reindex(words).dropna()[: PAPER.human_words]
f"{len(people)} words; people: {source}"

# %% [markdown]
# Shares are bound to sum to one: if early layers go up with visualness, late ones *must* go down. So the divergence
# before the division by $Z$ is drawn as well, which no other layer can push, and the share with the part taken out
# that the logarithm of a word's frequency explains.

# %% tags=["hide-input"]
judged, ours = list(people.index), people.to_numpy()
logged = np.log(counts[judged].to_numpy())[:, None]
agreement = {
    "share S (paper)": depth.visualness_by_layer(shares.sel(word=judged), ours, **again),
    "before division by Z": depth.visualness_by_layer(maxima.sel(word=judged), ours, **again),
    "share S, given frequency": depth.visualness_by_layer(shares.sel(word=judged), ours, given=logged, **again),
}
page.figure(
    by_layer(agreement, value="value", label="Pearson with people"),
    "figure-5",
    alt=f"Correlation over words of each layer's share, and of its largest divergence, with {source}.",
    data=pd.concat({name: table.to_dataframe() for name, table in agreement.items()}, names=["value of a layer"]).reset_index(),
)

# %% [markdown]
# The paper's two claims about this figure are decided by the share, as the paper has it; what the undivided
# divergence says is noted beside each.

# %% tags=["hide-input"]
middle, last = ["conv3", "conv4", "pool5"], ["fc6", "fc7"]
before = agreement["before division by Z"].value.to_pandas()
if {*middle, *last} <= set(network.layers):
    ahead = {name: depth.layer_advantage(table.sel(word=judged), ours, middle, **again) for name, table in (("S", shares), ("max", maxima))}
    page.decide("mid-layers-agree-most", {network.title: ahead["S"]}, note=f"before division by Z: {ahead['max']}")
    table = agreement["share S (paper)"].to_dataframe()
    each = {layer: statistics.Estimate(*table.loc[layer, ["value", "low", "high"]], len(judged)) for layer in last}
    undivided = ", ".join(f"{layer} {before[layer]:.2f}" for layer in last)
    page.decide("last-layers-negative", each, note=f"before division by Z: {undivided}")
correlations = {name: one.value.to_pandas() for name, one in agreement.items()}
page.table(pd.DataFrame(correlations).rename_axis("layer"), caption=f"Pearson over {len(judged)} words with {source}")

# %% [markdown]
# ## Paper beside here
#
# Section 5 prints no number but that of its layers: figures 4 and 5 have curves without values. What this page adds
# is listed below it.

# %% tags=["hide-input"]
page.record("layer_count", len(network.layers), n=len(network.layers))
page.beside()

# %% [markdown]
# And its claims, each with the test that decides it:

# %% tags=["hide-input"]
page.claims()

# %% [markdown]
# ## What could not be reproduced
#
# The two fine-tuned networks, and the shares of the second dataset, are not on this page. The paper's own listings and
# votes are not public, so its words could not be ranked on its images. Whether its figure 4 shows sums or maxima
# cannot be told from a figure without numbers.
#
# :::{admonition} Exercise
# :class: exercise
# Is a word's depth a property of the word, or of the network? Rerun the page's shares with a network whose weights are
# random (`networks.load(backbone, weights="random")`), and correlate the two mean depths over words.
# :::
#
# :::{admonition} Solution
# :class: dropdown
# `blank = networks.load(backbone, weights="random")`, then
# `values = activations.record(blank, listings).sel(image=train.ids.to_numpy()).load()`,
# `other = depth.layer_shares(discovery.unit_divergence(values, atlas.mentions, **options))` and
# `statistics.spearman(depth.mean_depth(shares).to_numpy(), depth.mean_depth(other).to_numpy())`. Colours need no
# training to be seen; what correlates is what the pictures' plain statistics already tell.
# :::
