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
# **Question.** Early layers of a network respond to colours and edges, late ones to things. If a
# word excites some layers more than others, is that a property of the word: how *deep* must one
# look to see it?
#
# **What the paper did.** Take the most divergent unit ([section 4.1](04_1_divergence)) of every
# layer, and the share of each layer in the sum (equation 4, {cite}`vittayakorn2016`):
#
# $$
# S_l(u\mid D) = \frac{1}{Z}\max_{i\in l} S_i(u\mid D),
# \qquad Z = \sum_l \max_{i\in l} S_i(u\mid D) .
# $$
#
# Words are ranked by their share at each layer (table 3), the shares are averaged over words
# (figure 4), and at each layer they are correlated with how visual people find the words (figure
# 5).
#
# **Which networks, which pictures.** The paper does this for three networks: pre-trained,
# attribute-tuned (it learned to name the words of the listings) and category-tuned (it learned
# their categories); and for the words of two datasets, listings of a market and street photos. Both
# fine-tuned networks are made by [section 4.4](04_4_experiments)'s recipe, from the training half
# of the listings.

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

from neuroattr import backbone as networks
from neuroattr import depth, discovery, explorer, figures, papers, recorded, statistics, training
from neuroattr.book.chapter import Chapter
from neuroattr.people import norms, voters
from neuroattr.recorded import Recorded
from neuroattr.studies import layers

# %% [markdown]
# Section 5 does not say on which images it measures. Here it is the training half, as in section
# 4.1, and the same words: those with enough training images.

# %% tags=["hide-input"]
page = Chapter(
    "discovery/05_perceptual_depth", corpus=corpus, backbone=backbone, profile=profile, book=book
)
PAPER = page.paper.constants
network = networks.load(backbone)
market = recorded.load(corpus, network, seed=seed)
listings, training_half = market.corpus, market.part("train")
page.uses(listings, network)
train, units = training_half.corpus, training_half.recording.sizes["unit"]
words = training_half.frequent(at_least=rarest)
kinds = listings.truth.kinds.reindex(words)
divergence = training_half.divergence(words)
images = f"{len(train):,} training images of {listings.name}"
page.say(f"{len(words)} words, {units:,} units, {images}")

# %% [markdown]
# ## One word, by hand
#
# The largest divergence in each layer, their sum $Z$, and the shares. The mean position of the
# layers, weighted by the shares, is one number for the word: its **mean depth**, 1 for a word that
# only the first layer sees. The paper has no such number; its claim about depth needs one.

# %% tags=["hide-input"]
maxima, shares = depth.layer_maxima(divergence), depth.layer_shares(divergence)
depths = depth.mean_depth(shares).to_series()
largest = maxima.sel(word=word).to_series()
widths = pd.Series(network.widths)
by_hand = pd.DataFrame({"units": widths, "largest divergence (nats)": largest})
by_hand["share of Z"] = largest / largest.sum()
assert np.allclose(by_hand["share of Z"], shares.sel(word=word))
by_hand.loc["sum (Z)"] = by_hand.sum()
page.table(by_hand, index="layer", caption=f"“{word}”, mean depth {depths[word]:.2f}")

# %% [markdown]
# ## Table 3a: the most salient words of each layer
#
# Ten words with the largest share at each layer. A word may appear at two layers, and since shares
# sum to one it can be salient at a layer because the *other* layers do not see it.

# %% tags=["hide-input"]
salient = depth.salient_words(shares, count=10)
page.table(salient, caption=f"Table 3a here: {network.title}, {listings.name}")

# %% [markdown]
# Ten a layer leave out most of what there is to see. Below, the twenty words of smallest mean depth
# and the twenty of largest, from the shallowest to the deepest: red where a layer has more than an
# even share, blue where it has less.

# %% tags=["hide-input"]
ordered = shares.to_pandas().loc[depths.sort_values().index]
ends = ordered
if len(ordered) > 40:
    ends = pd.concat([ordered.head(20), ordered.tail(20)])
page.figure(
    figures.words_by_layer(ends, label="share of the layer", even=1 / ends.shape[1]),
    "words",
    alt="Share of each layer in the divergence of the twenty shallowest and the twenty deepest "
    "words, as colours.",
    data=ordered,
)

# %% [markdown]
# The paper's, from its own listings and CaffeNet:

# %% tags=["hide-input"]
printed = page.paper.words["table3a"]
page.table(printed, caption="Table 3a of the paper")

# %% [markdown]
# Lists of ten cannot agree much where the vocabularies differ. A fairer comparison: the paper's
# words for a layer that are candidates here too, and their mean rank at the same layer here. Words
# placed at random would have the middle rank.

# %% tags=["hide-input"]
placed = layers.placement(shares, printed).round()
headings = {"words": "paper's words found here", "mean rank": "their mean rank here"}
caption = "Where the paper's salient words stand here, at the same layer"
page.table(placed.rename(columns=headings), index="layer", caption=caption)

# %% [markdown]
# ### From colours to the abstract?
#
# The claim is that colours are salient early and complex or abstract words late. So two groups are
# compared by their mean depth: the eleven basic colour terms, and abstract words. Which are
# abstract is known in a generated market. In a real catalogue nobody has said it; there they are
# words whose published concreteness (Brysbaert) is at most 2.5 of 5, without the service words.

# %% tags=["hide-input"]
basic = ["black", "white", "red", "green", "yellow", "blue", "brown", "purple", "pink", "orange"]
basic += ["gray", "grey"]
colours = [name for name in basic if name in words]
if (kinds == "abstract").any():
    abstract = list(kinds.index[kinds == "abstract"])
else:
    vague = norms.brysbaert().reindex(words) <= 2.5
    abstract = [name for name in words if vague[name] and pd.isna(kinds[name])]
page.say(f"{len(colours)} colours and {len(abstract)} abstract words")

# %% [markdown]
# Whether the abstract words are deeper. The interval is over words of each group.

# %% tags=["hide-input"]
again = {"draws": draws, "seed": seed}
deeper = depth.depth_difference(depths[abstract].to_numpy(), depths[colours].to_numpy(), **again)
page.decide("depth-primitive-to-complex", {listings.name: deeper})
title = "Mean depth of abstract words minus that of colour words"
page.record("depth_abstract_colours", deeper, title=title, unit="layers")

# %% [markdown]
# The mean shares of the groups, layer by layer:

# %% tags=["hide-input"]
groups = pd.Series("neither", index=words)
groups[abstract] = "abstract"
groups[colours] = "colour"
profiles = shares.to_pandas().groupby(groups).mean().T
even = 1 / len(profiles)
page.figure(
    figures.bars_by_layer(profiles, label="mean share of the layer", expected=even, chance="even"),
    "groups",
    alt="Mean share of each layer in the divergence of colour words, abstract words and others.",
    data=profiles,
)

# %% [markdown]
# ## Table 3b: street photos
#
# The second dataset of the paper holds photos that people took of what they wear, with tags by
# their owners (merged as in [section 3.2](03_datasets)). A photo shows several garments before
# clutter, and a tag names one of them, or none.

# %% tags=["hide-input"]
wardrobe = recorded.load(street_corpus, network, seed=seed)
street, photos = wardrobe.corpus, wardrobe.part("train")
page.uses(street)
page.uses(listings)  # whose name stays in the header
tags = photos.frequent(at_least=rarest)
page.say(f"{len(tags)} tags, {len(photos):,} training photos of {street.name}")

# %% [markdown]
# The most salient tags of each layer. Look where colours, patterns and whole garments stand, and
# for tags that no eye can see.

# %% tags=["hide-input"]
street_shares = depth.layer_shares(photos.divergence(tags))
salient = depth.salient_words(street_shares, count=10)
page.table(salient, caption=f"Table 3b here: {network.title}, {street.name}")

# %% [markdown]
# The paper's tags, from photos of wear.jp:

# %% tags=["hide-input"]
page.table(page.paper.words["table3b"], caption="Table 3b of the paper")

# %% [markdown]
# ### The same trend in both?
#
# The paper finds the same trend in both datasets: colours early, other words late. In each, the
# mean depth of all other words is compared with that of the colours.

# %% tags=["hide-input"]
street_depths = depth.mean_depth(street_shares).to_series()
trend, rows = {}, {}
for name, each in {listings.name: depths, street.name: street_depths}.items():
    is_colour = each.index.isin(basic)
    of_colours, of_others = each[is_colour].to_numpy(), each[~is_colour].to_numpy()
    if min(len(of_colours), len(of_others)) > 1:
        trend[name] = depth.depth_difference(of_others, of_colours, **again)
    rows[name] = {
        "words": len(each),
        "colours": len(of_colours),
        "others deeper by (layers)": trend.get(name, "no colours"),
    }
caption = "Mean depth of other words minus that of colours"
page.table(rows, index="dataset", caption=caption)

# %% [markdown]
# Where a dataset has no tags for colours, as where annotators named garments only, there is nothing
# to compare, and the claim stays undecided.

# %% tags=["hide-input"]
if len(trend) == len(rows):
    page.decide("depth-same-trend", trend)
else:
    said = "; ".join(f"{name}: {one}" for name, one in trend.items())
    evidence = f"only one dataset has words for colours: {said}"
    page.verdict("depth-same-trend", None, evidence)

# %% [markdown]
# ### One tag: its divergence at conv4, and its average picture
#
# The poster shows two more views of a tag. The first is its divergence unit by unit, with conv4
# stressed, and the pictures that excite conv4's prime units most.

# %% tags=["hide-input"]
middle = papers.load("poster").constants.average_image_layer
if middle not in network.layers:
    middle = network.layers[len(network.layers) // 2]
page.figure(
    figures.word_layer(**explorer.word_at_layer(photos, tag, middle)),
    "divergence-at-conv4",
    alt=explorer.description(photos, tag, middle),
)

# %% [markdown]
# The second is the mean of the pictures of which the tag's classifier
# ([section 4.2](04_2_visualness)) is surest, and of those it is surest that they are not: pixel by
# pixel, so that only what all of them share in one place remains. The classifier learned from
# training pictures; those averaged here are of the test part.

# %% tags=["hide-input"]
once = discovery.Protocol(draws=1)
classifier = wardrobe.classifier(tag, protocol=once, seed=seed).linear
test = np.flatnonzero(street.table["split"] == "test")
log_odds = classifier.log_odds(wardrobe.responses.to_numpy()[test])
ranked = test[np.argsort(-log_odds, kind="stable")]
accuracy = f"{classifier.accuracy:.2f}"
page.say(f"accuracy on {classifier.tested} balanced test pictures: {accuracy}")

# %% [markdown]
# Each row is one average, with the surest pictures beside it:

# %% tags=["hide-input"]
grid = []
for rows in (ranked, ranked[::-1]):
    surest = [street.image(int(row)) for row in rows[:averaged]]
    mean = figures.average_picture(surest, side=160)
    grid.append([mean, *surest[:5]])
captions = [f"mean of {averaged}", "", "", "", "", ""]
titles = [f"“{tag}”", f"not “{tag}”"]
page.figure(
    figures.image_grid(grid, titles=titles, captions=[captions, captions]),
    "average-image",
    alt=f"Mean of the test pictures that look most and least like “{tag}”, and the five surest of "
    "each.",
)

# %% [markdown]
# ## How much of it is noise?
#
# The largest of many noisy numbers is large. It grows with the width of the layer and falls with
# the number of images that have the word, so a *rare* word looks as if the wide layers saw it. Two
# remedies:
#
# - **bias-corrected**: from each unit's divergence, what no association would give on average is
#   taken off;
# - **beyond chance**: the words are dealt out to the images at random, and the layer's *maximum*
#   under that shuffling is taken off. Only this one sees the width of the layer.

# %% tags=["hide-input"]
score = partial(statistics.corrected_divergence, smoothing=training_half.smoothing)
corrected = training_half.scores(score, words)
shuffling = {"shuffles": shuffles, "seed": seed}
chance = {
    "plain": layers.chance_maxima(training_half, words, **shuffling),
    "within category": layers.chance_maxima(training_half, words, within="category", **shuffling),
}

# %% [markdown]
# What is left of a word that means nothing is nearly nothing, and the *shares* of nearly nothing
# are arbitrary. So a ranking beyond chance is made among the words that are **seen** at all: at
# least one unit is associated with them, by the test of section 4.1 (false discovery rate 5 %).

# %% tags=["hide-input"]
seen = layers.associated(training_half, words)
page.say(f"{len(seen)} of {len(words)} words are seen")

# %% [markdown]
# Mean depth against the number of images: a depth that is about the word should not follow its
# frequency. The last column counts, among seen words, how many of a layer's ten most salient ones
# stay those of the naive shares. Words of different kinds may differ in frequency, so not every
# relation in the first column need be noise.

# %% tags=["hide-input"]
beyond_chance = depth.layer_shares(divergence, chance=chance["plain"])
variants = {
    "naive, as printed": shares,
    "bias-corrected": depth.layer_shares(corrected),
    "beyond chance": beyond_chance,
}
log_frequency = np.log(train.frequency[words])

# %% [markdown]
# What each of them changes:

# %% tags=["hide-input"]
rows = {}
for name, values in variants.items():
    deep = depth.mean_depth(values).to_series()
    known = deep.notna()
    seen_here, seen_naively = values.sel(word=seen), shares.sel(word=seen)
    kept = depth.salient_overlap(seen_naively, seen_here, count=10).shared
    rows[name] = {
        "depth and log frequency (Spearman)": statistics.spearman(
            deep[known].to_numpy(), log_frequency[known].to_numpy()
        ),
        "mean depth: colours": deep[colours].mean(),
        "abstract": deep[abstract].mean(),
        "salient words kept (of 10)": float(kept.mean()),
    }
page.table(rows, index="shares", caption="What the correction changes")

# %% [markdown]
# Table 3 again, for the words that are seen, with chance taken off:

# %% tags=["hide-input"]
salient = depth.salient_words(beyond_chance.sel(word=seen), count=10)
page.table(salient, caption="Table 3 here, beyond chance")

# %% [markdown]
# ## Figure 4: how much each layer diverges
#
# First the pre-trained network. The paper's formula is a sum over the units of a layer,
#
# $$M_l = \frac{1}{|U|}\sum_u\sum_{i\in l} S_i(u\mid D) ;$$
#
# its text and caption speak of the maximum. They are not the same: under the sum a layer counts by
# its number of units. Both are drawn, and the maximum of the bias-corrected divergence. Intervals
# are over words; the dashed line is an even share. Where no line goes with a mark, the interval is
# narrower than the mark.

# %% tags=["hide-input"]
magnitudes = {
    "maximum (text)": depth.layer_magnitudes(divergence, **again),
    "sum (formula)": depth.layer_magnitudes(divergence, pooling="sum", **again),
    "maximum, bias-corrected": depth.layer_magnitudes(corrected, **again),
}
even = 1 / len(network.layers)
labels = {"label": "share of the layer", "level": even, "level_label": "even"}
tables = {name: table.to_dataframe() for name, table in magnitudes.items()}
page.figure(
    figures.by_layer(magnitudes, value="share", **labels),
    "figure-4-poolings",
    alt="Share of each layer in the average divergence: of the layer's maximum, of its sum, and "
    "bias-corrected.",
    data=pd.concat(tables, names=["pooling"]).reset_index(),
)

# %% [markdown]
# “Almost equally across layers” is given a meaning: the largest layer's share is less than twice
# the smallest one's, for the maximum, which is what the text says. Two more ratios stand beside it:
# of the sum, and of the maximum beyond chance. The last matters because a part of chance in every
# layer can hide what differs between them.

# %% tags=["hide-input"]
pooled = {
    "maximum": maxima,
    "sum": depth.layer_maxima(divergence, pooling="sum"),
    "maximum beyond chance": maxima - chance["plain"],
}
ratios = {name: layers.unevenness(values, **again) for name, values in pooled.items()}
first, *others = ratios
note = "; ".join(f"{name}: {ratios[name]}" for name in others)
page.decide("depth-pretrained-even", {network.title: ratios[first]}, note=note)
table = pd.Series(ratios, name="largest over smallest layer")
page.table(table, index="of a layer", caption="How even the layers are")

# %% [markdown]
# ### Three networks
#
# The two fine-tuned networks start from the pre-trained one and learn from the training half; the
# validation part says when to stop. How well they do it is told by what they name in pictures they
# have not learned from.

# %% tags=["hide-input"]
# Section 4.4 begins with the other network: side by side, each page tunes one and neither waits.
category_tuned = training.finetune(network, listings, "categories")
attribute_tuned = training.finetune(network, listings, "attributes")
tuned = {"attribute-tuned": attribute_tuned, "category-tuned": category_tuned}
learned = {}
for name, one in tuned.items():
    learned[name] = {
        "labels": len(one.labels),
        "best epoch": one.report["best epoch"],
        "measure": one.report["measure"],
        "on validation pictures": round(one.report["validation measure"], 3),
    }
page.table(learned, index="network", caption="What the fine-tuned networks learned")

# %% [markdown]
# A network that has learned the words of a picture by heart diverges on that picture for that
# reason alone. So the three are compared on the **test** part, which none of them has seen; what
# the training half would say is noted beside each verdict. The words are those with enough images
# there as well.

# %% tags=["hide-input"]
recordings = {"pre-trained": market}
for name, one in tuned.items():
    recordings[name] = Recorded.of(listings, one.network)
test_part = {name: recording.part("test") for name, recording in recordings.items()}
pictures = test_part["pre-trained"]
enough = pictures.frequent(at_least=rarest / 2)
common = [name for name in words if name in enough]
page.say(f"{len(common)} words; {len(pictures):,} test pictures")

# %% [markdown]
# Their divergences in every network, on the test part and on the training half:

# %% tags=["hide-input"]
on_test, on_training = {}, {}
for name, recording in recordings.items():
    on_test[name] = test_part[name].divergence(common)
    on_training[name] = recording.part("train").divergence(common)

# %% [markdown]
# Figure 4 of the paper, for the maximum (which the text speaks of) and for the sum (which the
# formula prints). Marks of one colour are one network; the dashed line is an even share.

# %% tags=["hide-input"]
poolings = {"maximum over the units of a layer": "max", "sum over the units of a layer": "sum"}
magnitudes = {}
for title, pooling in poolings.items():
    magnitudes[title] = {
        name: depth.layer_magnitudes(one, pooling=pooling, **again) for name, one in on_test.items()
    }
labels = {"label": "share of the layer", "level": even, "one_scale": False}
page.figure(
    figures.panels_by_layer(magnitudes, value="share", **labels),
    "figure-4",
    alt="Share of each layer in the average divergence of the three networks.",
    data=layers.stacked(magnitudes, ["pooling", "network"]),
)

# %% [markdown]
# Two claims say where fine-tuning shows: category-tuned at conv4, attribute-tuned at fc7. Each is
# decided by the difference of the layer's share from that in the pre-trained network, with the
# words resampled together. Beside it stand the training half, the sum, and the maximum beyond
# chance: what the same layer gives on average for words that are dealt out at random is taken off
# first, since a part of chance in every layer can hide what differs.

# %% tags=["hide-input"]
excess = {}
for name, part in test_part.items():
    by_chance = layers.chance_maxima(part, common, **shuffling)
    over = depth.layer_maxima(on_test[name]) - by_chance
    layer_names = over["layer"].to_numpy()
    # One value a layer, in the shape of one unit a layer.
    excess[name] = over.rename(layer="unit").assign_coords(layer=("unit", layer_names))

# %% [markdown]
# The differences, all in shares of the layer:

# %% tags=["hide-input"]
ways = {
    "maximum": (on_test, "max"),
    "maximum beyond chance": (excess, "max"),
    "sum": (on_test, "sum"),
    "maximum, training half": (on_training, "max"),
}
shifts = {}
for name, layer in {"category-tuned": "conv4", "attribute-tuned": "fc7"}.items():
    if layer in network.layers:
        shift = {}
        for way, (values, pooling) in ways.items():
            after, before = values[name], values["pre-trained"]
            options = {"layer": layer, "pooling": pooling, **again}
            shift[way] = depth.share_difference(after, before, **options)
        shifts[f"{name}, {layer}"] = shift

# %% [markdown]
# The claims are decided by the maximum on the test part; a network without such a layer cannot
# decide them.

# %% tags=["hide-input"]
claims = {
    "depth-category-conv4": "category-tuned, conv4",
    "depth-attribute-fc7": "attribute-tuned, fc7",
}
for claim, case in claims.items():
    if case in shifts:
        first, *others = shifts[case]
        note = "; ".join(f"{way}: {shifts[case][way]}" for way in others)
        page.decide(claim, {case: shifts[case][first]}, note=note)
    else:
        page.verdict(claim, None, f"{network.title} has no layer {case.split()[-1]}")
caption = "Share of the layer after tuning minus before"
page.table(pd.DataFrame(shifts), index="share of", caption=caption)

# %% [markdown]
# *The salient words of each layer stay similar*: how many of the ten most salient words of a layer
# are the same before and after, and how many chance would leave. The poster adds that fine-tuning
# changes the shares: more than the two halves of the words differ from each other in one network?

# %% tags=["hide-input"]
shares_of = {name: depth.layer_shares(one) for name, one in on_test.items()}
overlaps, beyond_overlap, effects = {}, {}, {}
for name in tuned:
    overlap = depth.salient_overlap(shares_of[name], shares_of["pre-trained"], count=10)
    overlaps[name] = overlap
    beyond_overlap[name] = depth.overlap_beyond_chance(overlap, **again)
    effects[name] = depth.tuning_effect(on_test[name], on_test["pre-trained"], **again)
page.decide("salient-words-stay", beyond_overlap)
page.decide("poster:tuning-changes-depth", effects)

# %% [markdown]
# The number of shared words at each layer:

# %% tags=["hide-input"]
table = pd.DataFrame({name: one.shared.to_series() for name, one in overlaps.items()})
table["chance"] = overlaps["attribute-tuned"].chance.to_series().round(2)
caption = f"Words shared with the pre-trained network's ten, of {len(common)} words"
page.table(table, caption=caption)

# %% [markdown]
# ## Genuine leather: divergence by context
#
# The paper's lists have words that no eye can see. It explains them by the company they keep:
# *genuine* stands in listings of leather goods, and leather goods look like leather goods. A
# generated market knows which of its words are of this sort (**context** words follow the kind of
# product) and which follow nothing. What is compared is the largest divergence of a word beyond
# chance, in two senses:
#
# - **plain**: mentions are shuffled over all images. This takes off what the word's frequency alone
#   gives.
# - **within category**: mentions are shuffled among images of the same category. This takes off
#   what frequency *and* category give; what is left is what pictures of one kind of product tell
#   about the word.
#
# If the paper is right, context words stand out in the first and no longer in the second.

# %% tags=["hide-input"]
largest = maxima.max("layer").to_series()
by_chance = {way: one.max("layer").to_series() for way, one in chance.items()}
beyond = pd.DataFrame({way: largest - one for way, one in by_chance.items()})
kind_of = kinds.fillna("kind not known")
summary = beyond.groupby(kind_of).mean()
summary["words"] = kind_of.value_counts()
summary["largest divergence"] = largest.groupby(kind_of).mean()
caption = "Mean of the largest divergence (nats): as it is, and beyond chance"
page.table(summary, index="kind of word", caption=caption)

# %% [markdown]
# The means with intervals over words, for kinds of more than three words.

# %% tags=["hide-input"]
spread = {"plain": {}, "within category": {}}
for kind in ("visual", "abstract", "context", "non-visual", "kind not known"):
    some = beyond[kind_of == kind]
    if len(some) > 3:
        for way, values in some.items():
            one = statistics.bootstrap(np.mean, values.to_numpy(), method="percentile", **again)
            spread[way][kind] = (one.value, one.low, one.high)

# %% [markdown]
# The two senses of chance are drawn one below the other for every kind of word.

# %% tags=["hide-input"]
axis = "largest divergence beyond chance (nats)"
page.figure(
    figures.dumbbells(*spread.values(), labels=tuple(spread), axis=axis),
    "context",
    alt="Largest divergence beyond chance by kind of word, with mentions shuffled over all images "
    "and within category.",
    data=beyond.join(kinds.rename("kind")).rename_axis("word").reset_index(),
)

# %% [markdown]
# The claim is decided by the plain contrast, context words less other non-visual ones; the
# difference within category says how much of it is more than the kind of product. Where nobody
# knows which words are context words, as in a real catalogue, the claim stays undecided, and only
# the figure above speaks: a kind of word that falls far from the first mark to the second is mostly
# context.

# %% tags=["hide-input"]
context, other = beyond[kind_of == "context"], beyond[kind_of == "non-visual"]
gap = {}
if min(len(context), len(other)) > 1:
    for way in beyond:
        sides = context[way].to_numpy(), other[way].to_numpy()
        gap[way] = depth.depth_difference(*sides, **again)
        title = "Largest divergence beyond chance, context minus other non-visual words"
        id = f"context_{way.split()[0]}"
        page.record(id, gap[way], title=f"{title} ({way})", unit="nats")

# %% [markdown]
# The verdict, and how many words of each kind there are:

# %% tags=["hide-input"]
if gap:
    note = f"within category: {gap['within category']}"
    page.decide("context-words", {listings.name: gap["plain"]}, note=note)
else:
    unknown = "which words are context words is not known of this corpus"
    page.verdict("context-words", None, unknown)
n_words = kind_of.value_counts().rename("words")
page.table(n_words, index="kind of word", caption="Words of each kind")

# %% [markdown]
# ## Figure 5: which layers agree with people
#
# At each layer the share $S_l$ is correlated with human visualness over words. In the generated
# market people are simulated annotators who vote on pairs of images, counted as the paper counts
# (equation 3). For real products nobody has voted: there **Lancaster visual strength** stands in,
# published ratings of how much a thing is experienced by sight. That is not the same: it is about
# the word in general, not about clothes, and rates *new* high.

# %% tags=["hide-input"]
votes = listings.truth.votes
if votes is not None:
    box = discovery.ballots(votes["word"], votes["pair"], votes["answer"])
    human = discovery.human_visualness(box, theta=PAPER.theta)
    by_people, source = human.visualness.to_series(), voters(listings)
else:
    by_people, source = norms.lancaster(), "Lancaster visual strength"
by_people = by_people.reindex(words).dropna()[: PAPER.human_words]
page.say(f"{len(by_people)} words; people: {source}")

# %% [markdown]
# Shares are bound to sum to one: if early layers go up with visualness, late ones *must* go down.
# So the divergence before the division by $Z$ is drawn as well, which no other layer can push. All
# three networks, on the test part.

# %% tags=["hide-input"]
judged = [name for name in by_people.index if name in common]
ratings = by_people[judged].to_numpy()
maxima_of = {name: depth.layer_maxima(one) for name, one in on_test.items()}
by_value = {
    "share S (paper)": shares_of,
    "largest divergence, before division by Z": maxima_of,
}
agreement = {}
for title, values in by_value.items():
    agreement[title] = {
        name: depth.visualness_by_layer(one.sel(word=judged), ratings, **again)
        for name, one in values.items()
    }

# %% [markdown]
# Look for layers at which the two panels differ: there the share follows from the other layers.

# %% tags=["hide-input"]
page.figure(
    figures.panels_by_layer(agreement, value="value", label="Pearson with people"),
    "figure-5",
    alt="Correlation over words of each layer's share, and of its largest divergence, with "
    f"{source}, three networks.",
    data=layers.stacked(agreement, ["value of a layer", "network"]),
)

# %% [markdown]
# The paper's two claims about this figure are decided by the share, as the paper has it; what the
# undivided divergence says is noted beside each. The first: layers in the middle agree most.

# %% tags=["hide-input"]
middle_layers, last_layers = ["conv3", "conv4", "pool5"], ["fc6", "fc7"]
agreeing = ("pre-trained", "attribute-tuned")
has_layers = {*middle_layers, *last_layers} <= set(network.layers)
if has_layers:
    ahead, undivided = {}, []
    for name in recordings:
        share, maximum = shares_of[name].sel(word=judged), maxima_of[name].sel(word=judged)
        ahead[name] = depth.layer_advantage(share, ratings, middle_layers, **again)
        plainly = depth.layer_advantage(maximum, ratings, middle_layers, **again)
        undivided.append(f"{name} {plainly}")
    cases = {name: ahead[name] for name in agreeing}
    note = f"before division by Z: {'; '.join(undivided)}"
    page.decide("mid-layers-agree-most", cases, note=note)

# %% [markdown]
# The second: the last layers correlate negatively.

# %% tags=["hide-input"]
of_shares, of_maxima = agreement.values()
if has_layers:
    cases, undivided = {}, []
    for name in agreeing:
        for layer in last_layers:
            cases[f"{name}, {layer}"] = layers.estimate(of_shares[name], layer)
            plainly = layers.estimate(of_maxima[name], layer)
            undivided.append(f"{name} {layer} {plainly.value:.2f}")
    note = f"before division by Z: {'; '.join(undivided)}"
    page.decide("last-layers-negative", cases, note=note)

# %% [markdown]
# The correlations as numbers:

# %% tags=["hide-input"]
correlations = {}
for value, series in {"share": of_shares, "largest": of_maxima}.items():
    for name, one in series.items():
        correlations[f"{name}, {value}"] = one["value"].to_series()
caption = f"Pearson over {len(judged)} words with {source}"
page.table(pd.DataFrame(correlations), caption=caption)

# %% [markdown]
# ### Looks, or kinds of things?
#
# All of this compares pictures with a word to *all* others, so that a word of one kind of product
# is “seen” by whatever sees the product. The same shares again from negatives that are alike in
# category, and in category and shop ([section 4.1](04_1_divergence)), for the words that this
# leaves enough images of: pre-trained network, training half.

# %% tags=["hide-input"]
alike = {
    "plain": [],
    "matched by category": ["category"],
    "matched by category and shop": ["category", "group"],
}
contrasts = layers.matched_divergences(training_half, words, alike, at_least=rarest)
able = contrasts["plain"]["word"].to_numpy().tolist()
page.say(f"{len(able)} of {len(words)} words have at least {rarest} images in every contrast")

# %% [markdown]
# What it does to the two groups of words, and to the agreement with people (the shares, and the
# divergence before division by $Z$):

# %% tags=["hide-input"]
fair = [name for name in by_people.index if name in able]
ratings = by_people[fair].to_numpy()
able_abstract = [name for name in abstract if name in able]
able_colours = [name for name in colours if name in able]
deeper, agreeing_by = {}, {}
for name, one in contrasts.items():
    deep = depth.mean_depth(depth.layer_shares(one)).to_series()
    sides = deep[able_abstract].to_numpy(), deep[able_colours].to_numpy()
    enough = min(len(able_abstract), len(able_colours)) > 1
    deeper[name] = depth.depth_difference(*sides, **again) if enough else "too few words"
    largest = depth.layer_maxima(one).max("layer").sel(word=fair).to_numpy()
    agreeing_by[name] = discovery.agreement(largest, ratings, **again).spearman

# %% [markdown]
# The plain contrast beside the matched ones:

# %% tags=["hide-input"]
table = pd.DataFrame(
    {
        "abstract deeper than colours by (layers)": deeper,
        "Spearman of the largest divergence with people": agreeing_by,
    }
)
caption = f"Plain beside matched: {len(able)} words, {len(fair)} of them judged"
page.table(table, index="contrast", caption=caption)

# %% [markdown]
# And figure 5 with the three contrasts:

# %% tags=["hide-input"]
values_of_layers = {
    "share S": depth.layer_shares,
    "largest divergence, before division by Z": depth.layer_maxima,
}
panels = {}
for title, measure in values_of_layers.items():
    panels[title] = {
        name: depth.visualness_by_layer(measure(one).sel(word=fair), ratings, **again)
        for name, one in contrasts.items()
    }

# %% [markdown]
# The same panels as above, a mark for each contrast:

# %% tags=["hide-input"]
page.figure(
    figures.panels_by_layer(panels, value="value", label="Pearson with people"),
    "figure-5-matched",
    alt="Correlation with people by layer, from plain negatives and from negatives matched by "
    "category and shop.",
    data=layers.stacked(panels, ["value of a layer", "contrast"]),
)

# %% [markdown]
# ## Paper beside here
#
# Section 5 prints no number but that of its layers: figures 4 and 5 have curves without values.
# What this page adds is listed below it.

# %% tags=["hide-input"]
page.record("layer_count", len(network.layers), n=len(network.layers))
page.comparison()

# %% [markdown]
# And its claims, each with the test that decides it:

# %% tags=["hide-input"]
page.claims()

# %% [markdown]
# ## What could not be reproduced
#
# The paper's own listings, photos and votes are not public, so its words could not be ranked on its
# images. How its networks were tuned is not printed, and what tuning does to a layer depends on it.
# Whether its figure 4 shows sums or maxima cannot be told from a figure without numbers.
#
# :::{admonition} Exercise
# :class: exercise
# Is a word's depth a property of the word, or of the network? Rerun the page's shares with a
# network whose weights are random (`networks.load(backbone, weights="random")`), and correlate the
# two mean depths over words.
# :::
#
# :::{admonition} Solution
# :class: dropdown
# ```python
# blank = networks.load(backbone, weights="random")
# other = depth.layer_shares(Recorded.of(listings, blank).part("train").divergence(words))
# statistics.spearman(depths.to_numpy(), depth.mean_depth(other).to_numpy())
# ```
#
# Colours need no training to be seen; what correlates is what the pictures' plain statistics
# already tell.
# :::
