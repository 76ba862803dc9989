# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 5 Perceptual depth
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
# **Which networks, which pictures.** The paper does this for three networks: pre-trained, attribute-tuned (it learned to
# name the words of the listings) and category-tuned (it learned their categories); and for the words of two datasets,
# listings of a market and street photos. Both fine-tuned networks are made by
# [section 4.4](04_4_experiments)'s recipe, from the training half of the listings.

# %% tags=["parameters", "remove-cell"]
profile = "embedded"
corpus = "atelier-shop"
street_corpus = "atelier-street"
backbone = "caffenet-mini"
seed = 0
book = False
word = "striped"  # the word that is worked through
tag = "long-skirt"  # the tag whose average picture is shown
averaged = 40  # pictures in an average
rarest = 20  # words with fewer training images than this are left out
shuffles = 3  # how often the words are dealt out at random, for each notion of chance
draws = 1000  # resamples of words, for intervals

# %% tags=["hide-input"]
from functools import partial
import numpy as np
import pandas as pd
import scipy.stats
import xarray as xr

from neuroattr import backbone as networks, depth, discovery, explorer, figures, papers, recorded, statistics, training
from neuroattr.chapter import Chapter
from neuroattr.corpus import norms
from neuroattr.recorded import Recorded
from neuroattr.studies.people import voters

DOCUMENT = papers.load("discovery")
PAPER = DOCUMENT.constants
page = Chapter("discovery/05_perceptual_depth", corpus=corpus, backbone=backbone, profile=profile, book=book)

# %% [markdown]
# Section 5 does not say on which images it measures. Here it is the training half, as in section 4.1, and the same
# words: those with enough training images.

# %% tags=["hide-input"]
network = networks.load(backbone)
market = recorded.load(corpus, network, seed=seed)
listings, training_half = market.corpus, market.part("train")
page.uses(listings, network)
train, responses = training_half.corpus, training_half.responses
words, counts = training_half.frequent(at_least=rarest), train.frequency
kinds = listings.truth.kinds.reindex(words)
divergence, mentions = training_half.divergence(words), training_half.mentions(words)
page.say(f"{len(words)} words, {responses.sizes['unit']:,} units, {len(train):,} training images of {listings.name}")

# %% [markdown]
# ## One word, by hand
#
# The largest divergence in each layer, their sum $Z$, and the shares. The mean position of the layers, weighted by the
# shares, is one number for the word: its **mean depth**, 1 for a word that only the first layer sees. The paper has no
# such number; its claim about depth needs one.

# %% tags=["hide-input"]
maxima, shares = depth.layer_maxima(divergence), depth.layer_shares(divergence)
by_hand = pd.DataFrame({"units": pd.Series(network.widths), "largest divergence (nats)": maxima.sel(word=word).to_pandas()})
by_hand["share of Z"] = by_hand.iloc[:, 1] / by_hand.iloc[:, 1].sum()
assert np.allclose(by_hand["share of Z"], shares.sel(word=word))
by_hand.loc["sum (Z)"] = by_hand.sum()
page.table(by_hand.rename_axis("layer"), caption=f"“{word}”, mean depth {float(depth.mean_depth(shares).sel(word=word)):.2f}")

# %% [markdown]
# ## Table 3a: the most salient words of each layer
#
# Ten words with the largest share at each layer. A word may appear at two layers, and since shares sum to one it can
# be salient at a layer because the *other* layers do not see it.

# %% tags=["hide-input"]
page.table(depth.salient_words(shares, count=10).to_pandas(), caption=f"Table 3a here: {network.title}, {listings.name}")

# %% [markdown]
# Ten a layer leave out most of what there is to see. Below, the twenty words of smallest mean depth and the twenty of
# largest, from the shallowest to the deepest: red where a layer has more than an even share, blue where it has less.

# %% tags=["hide-input"]
ordered = shares.to_pandas().loc[depth.mean_depth(shares).to_pandas().sort_values().index]
ends = ordered if len(ordered) <= 40 else pd.concat([ordered.head(20), ordered.tail(20)])
page.figure(
    figures.words_by_layer(ends, label="share of the layer", even=1 / ends.shape[1]),
    "words",
    alt="Share of each layer in the divergence of the twenty shallowest and the twenty deepest words, as colours.",
    data=ordered,
)

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
page.say(f"{len(colours)} colours and {len(abstract)} abstract words")

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
# ## Table 3b: street photos
#
# The second dataset of the paper holds photos that people took of what they wear, with tags by their owners (merged
# as in [section 3.2](03_datasets)). A photo shows several garments before clutter, and a tag names one of them, or none.

# %% tags=["hide-input"]
wardrobe = recorded.load(street_corpus, network, seed=seed)
street, photos = wardrobe.corpus, wardrobe.part("train")
page.uses(street)
page.uses(listings)  # whose name stays in the header
tags = photos.frequent(at_least=rarest)
page.say(f"{len(tags)} tags, {len(photos):,} training photos of {street.name}")

# %% [markdown]
# The most salient tags of each layer. Look where colours, patterns and whole garments stand, and for tags that no eye
# can see.

# %% tags=["hide-input"]
street_shares = depth.layer_shares(photos.divergence(tags))
page.table(depth.salient_words(street_shares, count=10).to_pandas(), caption=f"Table 3b here: {network.title}, {street.name}")

# %% [markdown]
# The paper's tags, from photos of wear.jp:

# %% tags=["hide-input"]
page.table(DOCUMENT.words["table3b"], caption="Table 3b of the paper")

# %% [markdown]
# ### The same trend in both?
#
# The paper finds the same trend in both datasets: colours early, other words late. In each, the mean depth of all other
# words is compared with that of the colours. Where a dataset has no tags for colours, as where annotators named
# garments only, there is nothing to compare.

# %% tags=["hide-input"]
street_depths = depth.mean_depth(street_shares).to_pandas()
both = {listings.name: depth.mean_depth(shares).to_pandas(), street.name: street_depths}
sides = {name: (one[~one.index.isin(basic)].to_numpy(), one[one.index.isin(basic)].to_numpy()) for name, one in both.items()}
trend = {name: depth.depth_difference(*pair, draws=draws, seed=seed) for name, pair in sides.items() if min(map(len, pair)) > 1}
if len(trend) == len(both):
    page.decide("depth-same-trend", trend)
else:
    said = "; ".join(f"{name}: {one}" for name, one in trend.items())
    page.verdict("depth-same-trend", None, f"only one dataset has words for colours: {said}")
rows = {name: {"words": len(both[name]), "colours": len(sides[name][1]), "others deeper by (layers)": str(trend.get(name, "no colours"))} for name in both}
page.table(pd.DataFrame(rows).T.rename_axis("dataset"), caption="Mean depth of other words minus that of colours")

# %% [markdown]
# ### One tag: its divergence at conv4, and its average picture
#
# The poster shows two more views of a tag. The first is its divergence unit by unit, with conv4 stressed, and the
# pictures that excite conv4's prime units most.

# %% tags=["hide-input"]
middle_layer = papers.load("poster").constants.average_image_layer
chosen = middle_layer if middle_layer in network.layers else network.layers[len(network.layers) // 2]
page.figure(
    figures.word_layer(**explorer.word_at_layer(photos, tag, chosen)),
    "divergence-at-conv4",
    alt=explorer.description(photos, tag, chosen),
)

# %% [markdown]
# The second is the mean of the pictures of which the tag's classifier ([section 4.2](04_2_visualness)) is surest, and
# of those it is surest that they are not: pixel by pixel, so that only what all of them share in one place remains.
# The classifier learned from training pictures; those averaged here are of the test part.

# %% tags=["hide-input"]
classifier = wardrobe.classifier(tag, protocol=discovery.Protocol(draws=1), seed=seed).linear
test = np.flatnonzero(street.table.split.to_numpy() == "test")
ranked = test[np.argsort(-classifier.log_odds(wardrobe.responses.to_numpy()[test]), kind="stable")]
ends = {f"“{tag}”": ranked[:averaged], f"not “{tag}”": ranked[-averaged:]}
page.say(f"accuracy on {classifier.tested} balanced test pictures: {classifier.accuracy:.2f}")

# %% [markdown]
# Each row is one average, with the surest pictures beside it:

# %% tags=["hide-input"]
means = [figures.average_picture([street.image(int(row)) for row in rows], side=160) for rows in ends.values()]
strips = [[street.image(int(row)) for row in rows[:5]] for rows in (ranked, ranked[::-1])]
page.figure(
    figures.image_grid([[mean, *strip] for mean, strip in zip(means, strips)], titles=list(ends),
                       captions=[[f"mean of {averaged}", *[""] * 5]] * 2),
    "average-image",
    alt=f"Mean of the test pictures that look most and least like “{tag}”, and the five surest of each.",
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
corrected = training_half.scores(partial(statistics.corrected_divergence, smoothing=PAPER.smoothing), words)
options = {"bins": PAPER.bins, "smoothing": PAPER.smoothing, "words": words}
strata = {"plain": np.zeros(len(train), int), "within category": train.strata("category")}
chance = {}
for way, labels in strata.items():
    dealt = [discovery.shuffled_within(mentions, labels, seed=seed + k) for k in range(shuffles)]
    found = [depth.layer_maxima(discovery.unit_divergence(responses, each, **options)) for each in dealt]
    chance[way] = xr.concat(found, "shuffle").mean("shuffle")

# %% [markdown]
# What is left of a word that means nothing is nearly nothing, and the *shares* of nearly nothing are arbitrary. So a
# ranking beyond chance is made among the words that are **seen** at all: at least one unit is associated with them,
# by the test of section 4.1 (false discovery rate 5 %).

# %% tags=["hide-input"]
pvalues = training_half.scores(lambda positive, negative: statistics.chi_square(positive, negative).pvalue, words)
tested = (scipy.stats.false_discovery_control(pvalues.to_numpy(), axis=1) < 0.05).any(axis=1)
seen = [name for name, is_seen in zip(words, tested) if is_seen]
page.say(f"{len(seen)} of {len(words)} words are seen")

# %% [markdown]
# Mean depth against the number of images: a depth that is about the word should not follow its frequency. The last
# column counts, among seen words, how many of a layer's ten most salient ones stay those of the naive shares. Words
# of different kinds may differ in frequency, so not every relation in the first column need be noise.

# %% tags=["hide-input"]
variants = {"naive, as printed": shares, "bias-corrected": depth.layer_shares(corrected),
            "beyond chance": depth.layer_shares(divergence, chance=chance["plain"])}
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
# First the pre-trained network. The paper's formula is a sum over the units of a layer, $M_l = \frac{1}{|U|}\sum_u\sum_{i\in l} S_i(u\mid D)$; its
# text and caption speak of the maximum. They are not the same: under the sum a layer counts by its number of units.
# Both are drawn, and the maximum of the bias-corrected divergence. Intervals are over words; the dashed line is an
# even share. Where no line goes with a mark, the interval is narrower than the mark.

# %% tags=["hide-input"]
again = {"draws": draws, "seed": seed}
magnitudes = {
    "maximum (text)": depth.layer_magnitudes(divergence, **again),
    "sum (formula)": depth.layer_magnitudes(divergence, pooling="sum", **again),
    "maximum, bias-corrected": depth.layer_magnitudes(corrected, **again),
}
page.figure(
    figures.by_layer(magnitudes, value="share", label="share of the layer", level=1 / len(network.layers), level_label="even"),
    "figure-4-poolings",
    alt="Share of each layer in the average divergence: of the layer's maximum, of its sum, and bias-corrected.",
    data=pd.concat({name: table.to_dataframe() for name, table in magnitudes.items()}, names=["pooling"]).reset_index(),
)

# %% [markdown]
# “Almost equally across layers” is given a meaning: the largest layer's share is less than twice the smallest one's,
# for the maximum, which is what the text says. Two more ratios stand beside it: of the sum, and of the maximum beyond
# chance. The last matters because a part of chance in every layer can hide what differs between them.

# %% tags=["hide-input"]
pooled = {"maximum": maxima, "sum": depth.layer_maxima(divergence, pooling="sum"), "maximum beyond chance": maxima - chance["plain"]}
ratios = {}
for name, values in pooled.items():
    table = values.transpose("word", "layer").to_numpy()
    ratios[name] = statistics.bootstrap(lambda t: t.mean(0).max() / t.mean(0).min(), table, method="percentile", **again)
others = "; ".join(f"{name}: {ratios[name]}" for name in list(ratios)[1:])
page.decide("depth-pretrained-even", {network.title: ratios["maximum"]}, note=others)
ratio = pd.Series({name: str(one) for name, one in ratios.items()}, name="largest over smallest layer")
page.table(ratio.rename_axis("of a layer"), caption="How even the layers are")

# %% [markdown]
# ### Three networks
#
# The two fine-tuned networks start from the pre-trained one and learn from the training half; the validation part
# says when to stop. How well they do it is told by what they name in pictures they have not learned from.

# %% tags=["hide-input"]
# Section 4.4 begins with the other network: where both pages run side by side, each tunes one and neither waits.
tuned = {f"{task}-tuned": training.finetune(network, listings, plural) for task, plural in (("category", "categories"), ("attribute", "attributes"))}
tuned = dict(sorted(tuned.items()))
nets = {"pre-trained": network} | {name: one.network for name, one in tuned.items()}
learned = {name: {"labels": len(one.labels), "best epoch": one.report["best epoch"], "measure": one.report["measure"],
                  "on validation pictures": f"{one.report['validation measure']:.3f}"} for name, one in tuned.items()}
page.table(pd.DataFrame(learned).T.rename_axis("network"), caption="What the fine-tuned networks learned")

# %% [markdown]
# A network that has learned the words of a picture by heart diverges on that picture for that reason alone. So the
# three are compared on the **test** part, which none of them has seen; what the training half would say is noted beside
# each verdict. The words are those with enough images there as well.

# %% tags=["hide-input"]
through = {name: Recorded.of(listings, net) for name, net in nets.items()}
pictures = through["pre-trained"].part("test")
enough = pictures.frequent(at_least=rarest / 2)
common = [name for name in words if name in enough]
divergences = {
    (part, name): one.part(part).divergence(common)
    for part in ("train", "test") for name, one in through.items()
}
page.say(f"{len(common)} words; {len(pictures):,} test pictures")

# %% [markdown]
# Figure 4 of the paper, for the maximum (which the text speaks of) and for the sum (which the formula prints). Marks of
# one colour are one network; the dashed line is an even share.

# %% tags=["hide-input"]
poolings = {"maximum over the units of a layer": "max", "sum over the units of a layer": "sum"}
magnitudes = {title: {name: depth.layer_magnitudes(divergences["test", name], pooling=pooling, **again) for name in nets}
              for title, pooling in poolings.items()}
tables = {(title, name): table.to_dataframe() for title, each in magnitudes.items() for name, table in each.items()}
page.figure(
    figures.panels_by_layer(magnitudes, value="share", label="share of the layer", level=1 / len(network.layers), one_scale=False),
    "figure-4",
    alt="Share of each layer in the average divergence of the pre-trained, attribute-tuned and category-tuned network.",
    data=pd.concat(tables, names=["pooling", "network"]).reset_index(),
)

# %% [markdown]
# Two claims say where fine-tuning shows: category-tuned at conv4, attribute-tuned at fc7. Each is decided by the
# difference of the layer's share from that in the pre-trained network, with the words resampled together. Beside it
# stand the training half, the sum, and the maximum beyond chance: what the same layer gives on average for words that
# are dealt out at random is taken off first, since a part of chance in every layer can hide what differs.

# %% tags=["hide-input"]
excess, said = {}, pictures.mentions(common)
dealt = [discovery.shuffled_within(said, np.zeros(len(pictures), int), seed=seed + k) for k in range(shuffles)]
for name, one in through.items():
    there = one.part("test").responses
    by_chance = [depth.layer_maxima(discovery.unit_divergence(there, each, **options | {"words": common})) for each in dealt]
    over = depth.layer_maxima(divergences["test", name]) - xr.concat(by_chance, "shuffle").mean("shuffle")
    excess[name] = over.rename(layer="unit").assign_coords(layer=("unit", over["layer"].to_numpy()))

# %% [markdown]
# The differences, all in shares of the layer:

# %% tags=["hide-input"]
claims = {"depth-category-conv4": ("category-tuned", "conv4"), "depth-attribute-fc7": ("attribute-tuned", "fc7")}
shifts = {}
for claim, (name, layer) in claims.items():
    if layer not in network.layers:
        page.verdict(claim, None, f"{network.title} has no layer {layer}")
        continue
    test, half = (({one: divergences[part, one] for one in nets}) for part in ("test", "train"))
    ways = {"maximum": (test, "max"), "maximum beyond chance": (excess, "max"), "sum": (test, "sum"), "maximum, training half": (half, "max")}
    of_way = {way: depth.share_difference(values[name], values["pre-trained"], layer=layer, pooling=pooling, **again)
              for way, (values, pooling) in ways.items()}
    others = "; ".join(f"{way}: {one}" for way, one in list(of_way.items())[1:])
    page.decide(claim, {f"{name}, {layer}": of_way["maximum"]}, note=others)
    shifts[f"{name}, {layer}"] = {way: str(one) for way, one in of_way.items()}
page.table(pd.DataFrame(shifts).rename_axis("share of"), caption="Share of the layer after tuning minus before")

# %% [markdown]
# *The salient words of each layer stay similar*: how many of the ten most salient words of a layer are the same before
# and after, and how many chance would leave. The poster adds that fine-tuning changes the shares: more than the two
# halves of the words differ from each other in one network?

# %% tags=["hide-input"]
depths_of = {name: depth.layer_shares(divergences["test", name]) for name in nets}
overlaps = {name: depth.salient_overlap(depths_of[name], depths_of["pre-trained"], count=10) for name in tuned}
page.decide("salient-words-stay", {name: depth.overlap_beyond_chance(one, **again) for name, one in overlaps.items()})
effects = {name: depth.tuning_effect(divergences["test", name], divergences["test", "pre-trained"], **again) for name in tuned}
page.decide("poster:tuning-changes-depth", effects)
shown = pd.DataFrame({name: one.shared.to_pandas() for name, one in overlaps.items()})
page.table(shown.assign(chance=overlaps["attribute-tuned"].chance.to_pandas().round(2)).rename_axis("layer"),
           caption=f"Words shared with the pre-trained network's ten, of {len(common)} words")

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
    figures.dumbbells(spread["plain"], spread["within category"], labels=("plain", "within category"), axis="largest divergence beyond chance (nats)"),
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
source = "Lancaster visual strength" if votes is None else voters(listings)
people = people.reindex(words).dropna()[: PAPER.human_words]
page.say(f"{len(people)} words; people: {source}")

# %% [markdown]
# Shares are bound to sum to one: if early layers go up with visualness, late ones *must* go down. So the divergence
# before the division by $Z$ is drawn as well, which no other layer can push. All three networks, on the test part.

# %% tags=["hide-input"]
judged = [name for name in people.index if name in common]
ours, logged = people[judged].to_numpy(), np.log(counts[judged].to_numpy())[:, None]
undivided = {name: depth.layer_maxima(divergences["test", name]) for name in nets}
kinds_of_value = {"share S (paper)": depths_of, "largest divergence, before division by Z": undivided}
agreement = {title: {name: depth.visualness_by_layer(values[name].sel(word=judged), ours, **again) for name in nets}
             for title, values in kinds_of_value.items()}
tables = {(title, name): table.to_dataframe() for title, each in agreement.items() for name, table in each.items()}
page.figure(
    figures.panels_by_layer(agreement, value="value", label="Pearson with people"),
    "figure-5",
    alt=f"Correlation over words of each layer's share, and of its largest divergence, with {source}, three networks.",
    data=pd.concat(tables, names=["value of a layer", "network"]).reset_index(),
)

# %% [markdown]
# The paper's two claims about this figure are decided by the share, as the paper has it; what the undivided
# divergence says is noted beside each.

# %% tags=["hide-input"]
middle, last, agreeing = ["conv3", "conv4", "pool5"], ["fc6", "fc7"], ("pre-trained", "attribute-tuned")
if {*middle, *last} <= set(network.layers):
    ahead = {name: depth.layer_advantage(depths_of[name].sel(word=judged), ours, middle, **again) for name in nets}
    plainly = {name: depth.layer_advantage(undivided[name].sel(word=judged), ours, middle, **again) for name in nets}
    before = "; ".join(f"{name} {one}" for name, one in plainly.items())
    page.decide("mid-layers-agree-most", {name: ahead[name] for name in agreeing}, note=f"before division by Z: {before}")
    tables = {name: agreement["share S (paper)"][name].to_dataframe() for name in agreeing}
    each = {f"{name}, {layer}": statistics.Estimate(*table.loc[layer, ["value", "low", "high"]], len(judged))
            for name, table in tables.items() for layer in last}
    bare = agreement["largest divergence, before division by Z"]
    before = "; ".join(f"{name} {layer} {float(bare[name].value.sel(layer=layer)):.2f}" for name in agreeing for layer in last)
    page.decide("last-layers-negative", each, note=f"before division by Z: {before}")
correlations = {f"{name}, {title.split()[0]}": one.value.to_pandas() for title, series in agreement.items() for name, one in series.items()}
page.table(pd.DataFrame(correlations).rename_axis("layer"), caption=f"Pearson over {len(judged)} words with {source}")

# %% [markdown]
# ### Looks, or kinds of things?
#
# All of this compares pictures with a word to *all* others, so that a word of one kind of product is “seen” by whatever
# sees the product. The same shares again from negatives that are alike in category, and in category and shop
# ([section 4.1](04_1_divergence)), for the words that this leaves enough images of: pre-trained network, training half.

# %% tags=["hide-input"]
alike = {"plain": None, "matched by category": ["category"], "matched by category and shop": ["category", "group"]}
labels = {name: np.zeros(len(train), int) if match is None else train.strata(match) for name, match in alike.items()}
left = {name: discovery.matching(mentions, one).matched >= rarest for name, one in labels.items()}
fit = np.logical_and.reduce(list(left.values()))
able = [name for name, one in zip(words, fit) if one]
way = {"bins": PAPER.bins, "smoothing": PAPER.smoothing, "words": able}
contrasts = {name: discovery.matched_divergence(responses, mentions[:, fit], one, **way) for name, one in labels.items()}
contrast_shares = {name: depth.layer_shares(one) for name, one in contrasts.items()}
page.say(f"{len(able)} of {len(words)} words have at least {rarest} images in every contrast")

# %% [markdown]
# What it does to the two groups of words, and to the agreement with people (the shares, and the divergence before
# division by $Z$):

# %% tags=["hide-input"]
fair = [name for name in people.index if name in able]
rows = {}
for name, one in contrasts.items():
    deep = depth.mean_depth(contrast_shares[name]).to_pandas()
    sides = [deep[[w for w in group if w in able]].to_numpy() for group in (abstract, colours)]
    gap = depth.depth_difference(*sides, draws=draws, seed=seed) if min(map(len, sides)) > 1 else "too few words"
    largest = depth.layer_maxima(one).max("layer").sel(word=fair).to_numpy()
    rows[name] = {"abstract deeper than colours by (layers)": str(gap), "Spearman of the largest divergence with people":
                  str(statistics.bootstrap(lambda x, y: statistics.spearman(x, y).value, largest, people[fair].to_numpy(), **again))}
page.table(pd.DataFrame(rows).T.rename_axis("contrast"), caption=f"Plain beside matched: {len(able)} words, {len(fair)} of them judged")

# %% [markdown]
# And figure 5 with the three contrasts:

# %% tags=["hide-input"]
judgements = people[fair].to_numpy()
panels = {title: {name: depth.visualness_by_layer(make(one).sel(word=fair), judgements, **again) for name, one in contrasts.items()}
          for title, make in (("share S", depth.layer_shares), ("largest divergence, before division by Z", depth.layer_maxima))}
tables = {(title, name): table.to_dataframe() for title, each in panels.items() for name, table in each.items()}
page.figure(
    figures.panels_by_layer(panels, value="value", label="Pearson with people"),
    "figure-5-matched",
    alt="Correlation with people by layer, from plain negatives and from negatives matched by category and shop.",
    data=pd.concat(tables, names=["value of a layer", "contrast"]).reset_index(),
)

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
# The paper's own listings, photos and votes are not public, so its words could not be ranked on its images. How its
# networks were tuned is not printed, and what tuning does to a layer depends on it. Whether its figure 4 shows sums or
# maxima cannot be told from a figure without numbers.
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
# `other = depth.layer_shares(Recorded.of(listings, blank).part("train").divergence(words))` and
# `statistics.spearman(depth.mean_depth(shares).to_numpy(), depth.mean_depth(other).to_numpy())`. Colours need no
# training to be seen; what correlates is what the pictures' plain statistics already tell.
# :::
