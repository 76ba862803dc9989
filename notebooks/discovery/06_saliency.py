# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 6 Saliency
#
# **Question.** The units that diverge for a word were found without anybody saying *where* in a picture the word is.
# Do they know?
#
# **What the paper did.** Slide an occluder, a patch of the dataset's mean picture, over the picture, and watch each
# unit: $a_i(x, y)$ is its response with the occluder at $(x, y)$. Smooth these maps, average them over sizes of the
# occluder ($A_i$), turn them over where their peaks are negative, and scale them to 0…1 ($R_i$). Then accumulate the
# $K$ most divergent units ([section 4.1](04_1_divergence)), weighted by their divergence (equation 5,
# {cite}`vittayakorn2016`):
#
# $$M(x, y\mid u, I) = \frac{1}{Z}\sum_{i}^{K} S_i(u\mid D)\, R_i(x, y\mid I), \qquad Z = \sum_{i}^{K} S_i(u\mid D) .$$
#
# Three people drew boxes for 50 tags of street photographs; a pixel is salient with two votes. The map is scored as a
# ranking of pixels (average precision), and, cut at a threshold, by its overlap with that region.

# %% tags=["parameters", "remove-cell"]
profile = "embedded"
corpus = "atelier-street"
backbone = "caffenet-mini"
seed = 0
book = False
word = "blue"  # the tag that is worked through
rarest = 20  # tags with fewer training images than this are left out
tags = 16  # most frequent tags with a place; the paper: 50
images = 5  # pictures of each tag, at most; the paper: 10
stride = 21  # step of the occluders, pixels of a picture of 256; the paper: 4
finest = 7  # the finest step of the study of strides
studied = 2  # pictures in it
sparse = 3  # every so many-th region is used to compare readings of the method
tuning = {}  # choices of training.Tuning that differ from its defaults
silent = 64  # units silenced at a time
tried = 20  # pictures on either side for the effect of silence
draws = 1000  # resamples of pictures, for intervals

# %% tags=["hide-input"]
import time

import numpy as np
import pandas as pd
import xarray as xr

from neuroattr import backbone as networks, depth, discovery, occlusion, papers, recorded, saliency, statistics, training
from neuroattr.chapter import Chapter
from neuroattr.corpus import regions
from neuroattr.figures import saliency as drawn
from neuroattr.recorded import Recorded

DOCUMENT = papers.load("discovery")
PAPER = DOCUMENT.constants
page = Chapter("discovery/06_saliency", corpus=corpus, backbone=backbone, profile=profile, book=book)

# %% [markdown]
# Two networks, as in figure 6 of the paper: the **pre-trained** one, and the same one **attribute-tuned**, that is,
# trained further to name the tags of these pictures. Divergence is measured on the training half for both. Maps are
# scored on pictures of the other half only, which neither divergence nor tuning has seen.

# %% tags=["hide-input"]
network = networks.load(backbone)
wardrobe = recorded.load(corpus, network, seed=seed)
street = wardrobe.corpus
page.uses(street, network)
tuned = training.finetune(network, street, "attributes", training.Tuning(**tuning))
nets = {"pre-trained": network, "attribute-tuned": tuned.network}
halves = {"pre-trained": wardrobe.part("train"), "attribute-tuned": Recorded.of(street, tuned.network).part("train")}
train = halves["pre-trained"].corpus
counts = [1, 2, 4, 8, 16, 32, 64]
page.say(f"Tuned to {len(tuned.labels)} tags; {tuned.report['measure']} {tuned.report['validation measure']:.3f} on validation pictures")

# %% [markdown]
# ## Where people see a tag
#
# In generated photographs three simulated workers draw boxes, with slack and with mistakes, and as in the paper a
# picture on which no two of them agree is discarded; tags are taken by frequency if people agree on a place in most of
# their pictures (*new* has none). In real photographs the pixels of every garment were marked once, in about half of
# the pictures; the others are left out here before any picture is drawn.

# %% tags=["hide-input"]
held = street.subset((street.table["split"] != "train").to_numpy())
if "annotation" in held.table:
    held = held.subset((held.table["annotation"] == "pixel").to_numpy())
known = [name for name, times in train.frequency.items() if times >= rarest]
if street.annotations.drawn_boxes is not None:
    places = regions.agreed(held, votes_needed=PAPER.saliency_votes)
else:
    places = regions.masks(held, occlusion.pairs(held, known, images=images, seed=seed))
found, dropped = (table["word"].value_counts().reindex(known).fillna(0) for table in (places.found, places.dropped))
words = list(found.index[found >= np.maximum(3, 2 * dropped)])[:tags]
asked = pd.DataFrame({"regions": found, "without a region": dropped, "training images": train.frequency.reindex(known)})
page.table(asked.loc[words].astype(int).rename_axis("tag"), caption=f"{len(words)} tags, from the most frequent one on")

# %% [markdown]
# The occluders have the paper's sizes, 24, 48 and 96 of 256 pixels, and so has the step, apart from its length: the
# paper's step of 4 pixels is dear, and what a longer one costs is measured below. The network's input is smaller than
# 256 pixels; the picture is occluded first and resized afterwards, so everything is scaled to the size before that.

# %% tags=["hide-input"]
side = min(network.preprocess.resize, PAPER.input_side)
paper = saliency.Occlusion(tuple(PAPER.occluders), stride)
sliding = paper.scaled(side / PAPER.input_side)
mean = occlusion.mean_picture(network, train, count=200, seed=seed, side=side)
divergences = {name: half.divergence(words) for name, half in halves.items()}
localisers = {name: occlusion.Localiser(nets[name], one, mean, sliding, count=max(counts)) for name, one in divergences.items()}
targets = occlusion.targets(places, words, side=side, images=images)
shown = list(dict.fromkeys(target.image for target in targets))
page.say(f"{len(targets)} regions in {len(shown)} pictures; {sliding.passes(side=side)} occluded pictures of {side} pixels for each")

# %% [markdown]
# ## One picture, step by step
#
# The picture, and three of the pictures that the network sees instead: one for each size, here with the occluder in
# the middle. Hiding a part shows the mean picture there, not black, so that the edges of the patch excite few units.
# The unit that is followed is the most divergent one that answers to this picture at all: a rectified unit may be
# silent, and then its map is zero everywhere.

# %% tags=["hide-input"]
word = word if word in words else words[0]
target = next(one for one in targets if one.word == word)
image, local = street.image(target.image), localisers["pre-trained"]
scene = occlusion.picture(network, image, side=side)
middle = {size: (side - size) // 2 for size in sliding.sizes}
hidden = {size: occlusion.occluded(scene, mean, size, row=at, column=at) for size, at in middle.items()}
prime = np.sort(local.units(word))
answers = local.responses(image, prime)
ranked = np.searchsorted(prime, local.units(word))
rank, first = next((rank, row) for rank, row in enumerate(ranked, start=1) if answers.clean[row] > 0)
name = " · ".join(map(str, network.units.iloc[prime[first]]))
page.say(f"Unit {name}, number {rank} of the most divergent ones for “{word}”, answers {answers.clean[first]:.2f} to the whole picture")

# %% [markdown]
# Below the pictures: what that unit answers with the occluder at each place, for each size. Then these maps smoothed
# (a Gaussian of a quarter of the occluder) and averaged, $A_i$; and $R_i$, which is $A_i$ turned over if its dips are
# deeper than its peaks are high, on a scale from 0 to 1. Last, the accumulated maps $M$ and the region that people
# marked. A stepped map is the price of the long step.

# %% tags=["hide-input"]
combined = saliency.combined_responses(answers.maps, sliding, side=side)
turned = saliency.oriented(combined, inversion=sliding.inversion)
upside = "turned over" if (turned[first] != combined[first]).any() else "as it is"
maps = saliency.normalised(turned)
steps = local.saliency(maps, prime, word, counts=list(PAPER.accumulation))
seen = {"picture": scene, **{f"{size} px hidden": one for size, one in hidden.items()}}
rows = [
    [(title, occlusion.displayed(network, one)) for title, one in seen.items()],
    [(f"$a_i$, {size} px", answers.maps[size][first]) for size in sliding.sizes] + [("$A_i$", combined[first])],
    [(f"$R_i$ ({upside})", maps[first])] + [(f"$M$, K = {k}", one) for k, one in zip(PAPER.accumulation, steps)],
]
alt = f"A picture tagged {word}, occluded; responses of one unit; its normalised map; maps of 1, 8 and 64 units."
page.figure(drawn.panels(rows, titles=["occluded", "one unit", "its map, and all"]), "steps", alt=alt)

# %% [markdown]
# ## What a longer step costs
#
# The paper's step needs thousands of passes through the network for each picture. A grid with a longer step is part of
# a finer one, so one fine run of a few pictures shows what every longer step would have given: its correlation with
# the finest map, and the average precision of either.

# %% tags=["hide-input"]
step = max(1, round(finest * side / PAPER.input_side))
fine, times = local.with_stride(step), [1, 2, 3, 4]
rows = []
for one in targets[:: max(1, len(targets) // studied)][:studied]:
    found = fine.strides(street.image(one.image), one.word, times=times, count=max(counts))
    alike = [np.corrcoef(found[0].to_numpy().ravel(), each.ravel())[0, 1] for each in found.to_numpy()]
    rows += zip(found.stride.to_numpy(), alike, saliency.average_precision(found.to_numpy(), one.region))
study = pd.DataFrame(rows, columns=["step (px)", "correlation with the finest", "average precision"]).groupby("step (px)").mean()
study.insert(0, f"of {PAPER.input_side} px", study.index * PAPER.input_side / side)
study.insert(1, "passes", [fine.with_stride(int(each)).occlusion.passes(side=side) for each in study.index])
page.table(study, caption=f"Up to four times the finest step: {studied} pictures, K = {max(counts)}, {network.title}")

# %% [markdown]
# ## Figure 6: all tags
#
# Every picture is occluded once for each network; one pass serves all of its tags and all of their units. Average
# precision is computed for each picture, averaged over the pictures of a tag, then over tags. For the intervals
# *pictures* are resampled, each with all of its tags; differences between two methods are over the same resamples.

# %% tags=["hide-input"]
thresholds = np.linspace(0, 1, 21)
options = {"counts": counts, "thresholds": thresholds, "seed": seed}
scored = {name: occlusion.survey(one, street, targets, **options) for name, one in localisers.items()}
scores = xr.concat(scored.values(), pd.Index(list(scored), name="network"), combine_attrs="drop")
gradient = occlusion.gradients(
    tuned.network, street, targets, tuned.labels, side=side, sigmas=sliding.sigmas, thresholds=thresholds
)
blind = occlusion.chance(targets)
again = {"draws": draws, "seed": seed}
means = saliency.tag_means(scores.precision.transpose("target", ...), **again)
baseline = saliency.tag_means(gradient.precision, **again)
nothing = {name: saliency.tag_means(blind[name], **again) for name in ("share", "centre")}

# %% [markdown]
# What the maps are held against:
#
# - the **gradient**: the smoothed magnitude of the gradient of the attribute-tuned network's answer, the paper's
#   baseline;
# - a **blob in the middle** that looks at no picture (photographers put what matters there);
# - **chance**, the share of pixels that are salient;
# - as many **units at random**, the same for every tag;
# - the map of **another tag**, one that nobody gave this picture, scored on this tag's region. Only what is above these
#   two is about the *word*.

# %% tags=["hide-input"]
controls = {"units at random": scores.random, "another tag": scores.other}
controls = {name: saliency.tag_means(values.transpose("target", ...), **again) for name, values in controls.items()}
curves = {name: means.band().sel(network=name) for name in nets}
curves |= {f"{name} (pre-trained)": one.band().sel(network="pre-trained") for name, one in controls.items()}
levels = {"gradient": baseline.estimate(), "blob in the middle": nothing["centre"].estimate(), "chance": float(nothing["share"].value)}
page.figure(
    drawn.by_count(curves, levels),
    "figure-6a",
    alt="Mean average precision by number of accumulated units for both networks, and for what they are held against.",
    data=pd.concat({name: one.to_dataframe()[["value", "low", "high"]] for name, one in curves.items()}, names=["maps"]).reset_index(),
)

# %% [markdown]
# At the largest $K$, as differences over the same pictures: how much better the map of the tag's own units is.

# %% tags=["hide-input"]
most = max(counts)
against = {"gradient": baseline, "blob in the middle": nothing["centre"], "chance": nothing["share"], **controls}
ahead = {}
for name in nets:
    for other, one in against.items():
        ahead[name, other] = (means - one).estimate(lambda mean: mean.sel(network=name, K=most))
        title = f"Saliency mAP at K = {most}, {name}, minus that of {other}"
        page.record(f"ahead_{name}_{other}".replace(" ", "_"), ahead[name, other], title=title)
groups = {name: {other: ahead[name, other] for other in against} for name in nets}
page.figure(
    drawn.estimates(groups, axis=f"average precision at K = {most}, minus that of …"), "ahead",
    alt="Difference in mean average precision between accumulated units and each of five baselines, for both networks.",
    data=pd.DataFrame({key: vars(one) for key, one in ahead.items()}).T,
)

# %% [markdown]
# The paper's curves without numbers become these. The last two columns are what is about the tag alone: the same
# number of units of another tag, taken off.

# %% tags=["hide-input"]
table = {name: {f"K = {k}": str(means.estimate(lambda mean: mean.sel(network=name, K=k))) for k in counts} for name in nets}
for name in nets:
    for k in PAPER.accumulation:
        one = means.estimate(lambda mean: mean.sel(network=name, K=k))
        page.record(f"map_{name}_{k}", one, title=f"Saliency mAP, {name}, K = {k}")
page.record("map_gradient", baseline.estimate(), title="Saliency mAP, smoothed gradient")
page.record("map_middle", nothing["centre"].estimate(), title="Saliency mAP, blob in the middle")
page.record("map_chance", nothing["share"].estimate(), title="Share of salient pixels (mAP by chance)")
alone = means - controls["another tag"]
table |= {f"{name}, minus another tag": {f"K = {k}": str(alone.estimate(lambda mean: mean.sel(network=name, K=k))) for k in counts} for name in nets}
page.table(pd.DataFrame(table).rename_axis("units"), caption="Mean average precision, with 95 % intervals over pictures")

# %% [markdown]
# **Figure 6b.** The maps cut at a threshold, and their overlap with what people marked. Where units disagree their sum
# has a narrower range: a map of many units is good at fewer thresholds than a map of one.

# %% tags=["hide-input"]
overlap = saliency.tag_means(scores.overlap.transpose("target", ...), **again)
gradient_overlap = saliency.tag_means(gradient.overlap, **again)
page.figure(
    drawn.by_threshold({name: overlap.value.sel(network=name) for name in nets}, gradient_overlap.value, name="gradient"),
    "figure-6b",
    alt="Mean intersection over union by threshold, a line for every number of units, for both networks, and the gradient.",
    data=overlap.band().to_dataframe().reset_index(),
)

# %% [markdown]
# The best of each line, with the threshold chosen on these very pictures, as the eye does in the figure:

# %% tags=["hide-input"]
best = {}
for name in nets:
    for k in PAPER.accumulation:
        one = overlap.estimate(lambda mean: mean.sel(network=name, K=k).max("threshold"))
        at = float(overlap.value.sel(network=name, K=k).idxmax("threshold"))
        best[f"{name}, K = {k}"] = {"mean IoU": str(one), "threshold": at}
        page.record(f"iou_{name}_{k}", one, title=f"Best mean IoU, {name}, K = {k}", note=f"at threshold {at:.2f}")
one = gradient_overlap.estimate(lambda mean: mean.max("threshold"))
best["gradient"] = {"mean IoU": str(one), "threshold": float(gradient_overlap.value.idxmax("threshold"))}
page.record("iou_gradient", one, title="Best mean IoU, smoothed gradient")
page.table(pd.DataFrame(best).T.rename_axis("maps"), caption="Best mean IoU over thresholds")

# %% [markdown]
# ## The paper's claims
#
# Each is decided by its own statistic, on the same resamples of pictures. “On par” is given a meaning: not more than
# 0.02 below.

# %% tags=["hide-input"]
grown = {name: means.estimate(lambda mean: mean.sel(network=name, K=64) - mean.sel(network=name, K=1)) for name in nets}
blindly = controls["units at random"].estimate(lambda mean: (mean.sel(K=64) - mean.sel(K=1)).sel(network="pre-trained"))
page.decide("saliency-grows-with-units", grown, note=f"units at random grow by {blindly}")
page.decide("saliency-matches-gradient", {"attribute-tuned": ahead["attribute-tuned", "gradient"]})
page.decide("poster:units-locate-regions", {name: ahead[name, "blob in the middle"] for name in nets})
page.decide("saliency-without-tuning", {"pre-trained": ahead["pre-trained", "gradient"]})
enough = means.estimate(lambda mean: np.subtract(*(saliency.enough_units(mean.sel(network=name), share=0.95) for name in nets)))
page.decide("pretrained-needs-more-units", {"K": enough})
decided = {f"gained from K = 1 to 64, {name}": one for name, one in grown.items()} | {"units more that the pre-trained network needs": enough}
page.table(pd.Series(decided, name="estimate").map(str).rename_axis("difference"), caption="What decides the claims on figure 6a")

# %% [markdown]
# **Finer maps?** “Finer” is given a meaning too: the share of pixels above half of the map's maximum falls. Where units
# disagree, the sum of many has a floor above 0, and then more pixels are above half of the maximum; so the same is
# shown for maps that are stretched to 0…1 first, as one sees them in a figure.

# %% tags=["hide-input"]
finer = {}
for measure in ("compactness", "spread"):
    table = saliency.tag_means(scores[measure].transpose("target", ...), **again)
    finer[measure] = {name: table.estimate(lambda mean: mean.sel(network=name, K=1) - mean.sel(network=name, K=64)) for name in nets}
stretched = "; ".join(f"{name} {one}" for name, one in finer["spread"].items())
page.decide("finer-localisation", finer["compactness"], note=f"maps stretched to 0…1: {stretched}")
frame = pd.DataFrame(finer).map(str).set_axis(["as it is", "stretched to 0…1"], axis=1).rename_axis("network")
page.table(frame, caption="Share of pixels above half of the maximum, K = 1 less K = 64")

# %% [markdown]
# **One unit or many?** “Combinatorial visual stimuli rather than some visual pattern detectable only with a single
# neuron” is compared with the *best* single unit of each tag, chosen on the other pictures of the tag (chosen on the
# same picture, a unit would win by chance). This comparison is made on every third pixel.

# %% tags=["hide-input"]
place = scores.word.to_numpy(), scores.image.to_numpy()
combined = {}
for name in nets:
    alone = scores.single.sel(network=name).transpose("target", "unit")
    row = xr.DataArray(saliency.best_on_others(np.nan_to_num(alone.to_numpy()), *place), dims="target")
    gain = (scores.thinned.sel(network=name, K=8) - alone.isel(unit=row)).dropna("target")
    combined[name] = saliency.tag_means(gain, **again).estimate()
page.decide("attributes-are-combinations", combined)
page.table(pd.Series({name: str(one) for name, one in combined.items()}, name="average precision").rename_axis("network"),
           caption="Eight units together, minus the best single unit")

# %% [markdown]
# **Small regions.** Average precision of a map that knows nothing is the share of salient pixels, so it *must* grow
# with the region. The correlation of the claim is therefore shown a second time for what is above chance, as a share
# of what there is to gain.

# %% tags=["hide-input"]
last, share = scores.precision.sel(K=most), scores.share.to_numpy()
small = {name: statistics.spearman(share, last.sel(network=name).to_numpy()) for name in nets}
fair = {name: statistics.spearman(share, (last.sel(network=name).to_numpy() - share) / (1 - share)) for name in nets}
page.decide("small-region-failures", small, note="above chance: " + "; ".join(f"{name} {one}" for name, one in fair.items()))
page.table(pd.DataFrame({"average precision": small, "above chance": fair}).map(str).rename_axis("network"),
           caption="Spearman correlation with the area of the region")

# %% [markdown]
# **Distractors.** Legs go with shorts, so units for legs pass for units for shorts. A *companion* of a tag is another
# tag that is given together with it half again as often as by chance, or more often, and whose region lies apart. Tags
# with a companion should be found less well.

# %% tags=["hide-input"]
there = train.mentions[:, [train.words.index(name) for name in words]].toarray()
apart = occlusion.apart(street.truth.regions, list(train.ids[:100]))
beside = saliency.companions(there, words, apart, lift=1.5)
table = overlap.value.sel(network="pre-trained", K=most)
found = scores.overlap.sel(network="pre-trained", K=most).isel(threshold=int(table.argmax("threshold"))).to_series()
found = found.groupby(scores.word.to_numpy()).mean()[words]
sides = [found[[name for name in words if (name in beside) == having]].to_numpy() for having in (False, True)]
if min(map(len, sides)) > 1:
    page.decide("distractor-failures", {network.title: depth.depth_difference(*sides, **again)})
else:
    page.verdict("distractor-failures", None, f"{len(sides[1])} of {len(words)} tags have a companion whose region lies apart")
frame = pd.DataFrame({"companion": pd.Series(beside), "mean IoU": found.round(3)}).loc[words].fillna("none")
page.table(frame.rename_axis("tag"), caption=f"Companions, and overlap at K = {most} (pre-trained)")

# %% [markdown]
# ## What the paper leaves open
#
# When does a map have “negative peaks”? The rule used here turns a map over if its dips are deeper than its peaks are
# high. Hiding a part often *raises* a response: the edge of the occluder is itself something to see. Below, the four
# readings, from the same responses:
#
# - **peaks**: that rule;
# - **drop**: every map is turned over, so that a unit counts where hiding lowers it, as one would expect of a unit
#   that sees the tag;
# - **absolute**: any change from the response to the whole picture counts;
# - **centre**: turned over if it correlates negatively with a blob in the middle.
#
# And the width of the Gaussian, “proportional to the occluder size”: a quarter of it here, an eighth to the whole below
# (with the rule of the peaks). The comparison is made on a part of the regions.

# %% tags=["hide-input"]
readings, options = {}, {"counts": [most], "thresholds": [0.5], "seed": seed}
ways = {rule: {"inversion": rule} for rule in saliency.INVERSIONS}
ways |= {f"width {sigma:g}": {"sigma": sigma} for sigma in (0.125, 0.5, 1.0)}
for way, change in ways.items():
    found = occlusion.survey(local.with_reading(**change), street, targets[::sparse], **options)
    sets = {"own units": found.precision, "units at random": found.random, "another tag": found.other}
    each = {name: saliency.tag_means(values.sel(K=most), **again) for name, values in sets.items()}
    readings[way] = {name: str(one.estimate()) for name, one in each.items()}
    readings[way]["own minus random"] = str((each["own units"] - each["units at random"]).estimate())
    page.record(f"map_{way.replace(' ', '_')}", each["own units"].estimate(), title=f"Saliency mAP, pre-trained, K = {most}, reading “{way}”")
page.table(pd.DataFrame(readings).T.rename_axis("reading"), caption=f"Mean average precision at K = {most}, {network.title}")

# %% [markdown]
# ## Figure 7: where it works, and where not
#
# Nothing is picked by hand: the score is the average precision at the largest $K$ less the share of salient pixels,
# and shown are the best and the worst target of different tags. The white line is what people marked.

# %% tags=["hide-input"]
score = (scores.precision.sel(network="pre-trained", K=most) - scores.share).to_numpy()
ranked = [targets[place] for place in np.argsort(-score, kind="stable")]
chosen = {}
for name, order in (("found", ranked), ("missed", ranked[::-1])):
    firsts = {one.word: one for one in reversed(order)}  # the best, or the worst, of each tag
    chosen[name] = sorted(firsts.values(), key=order.index)[:4]
alone = {"pre-trained": local}
rows = {
    name: [drawn.Row(one.word, region=one.region, **occlusion.exhibit(alone, street, one, counts=[most])) for one in some]
    for name, some in chosen.items()
}
alt = f"Regions that people marked and maps of {most} units: the four best tags, and the four worst."
page.figure(drawn.examples(rows), "figure-7", alt=alt)

# %% [markdown]
# ## Figure 8: as units accumulate
#
# Four targets, at the 95th, 70th, 45th and 20th percentile of the same score, each of another tag.

# %% tags=["hide-input"]
shown = {}
for percentile in (95, 70, 45, 20):
    after = ranked[round((1 - percentile / 100) * (len(ranked) - 1)) :]
    one = next((one for one in after if one.word not in shown), after[0])
    counted = occlusion.exhibit(localisers, street, one, counts=list(PAPER.accumulation))
    shown[one.word] = drawn.Row(one.word, region=one.region, **counted)
alt = "Maps of 1, 8 and 64 units of the pre-trained and of the attribute-tuned network, for four regions that people marked."
page.figure(drawn.gallery(list(shown.values())), "figure-8", alt=alt)

# %% [markdown]
# ## Do the units matter?
#
# A unit that goes with a word need not *do* anything for it. So a word's prime units are silenced: they give 0 at
# every place, and everything after them is computed from that. What the word's answer loses is held against silencing
# as many units at random, and as many units of the *same layers with nearly the same mean activation*, which takes as
# much activity from the same places. Two kinds of answer are tried: the attribute-tuned network's own, and, for the
# pre-trained network, the word's classifier on all units ([section 4.2](04_2_visualness)). Accuracy is over balanced
# test pictures.

# %% tags=["hide-input"]
protocol = discovery.Protocol(variants=("random",), draws=1)
wardrobe.prime_units(words)  # of all words in one pass, for their classifiers
fits = {name: wardrobe.classifier(name, variant="random", protocol=protocol, seed=seed).linear for name in words}
answers = {"pre-trained": occlusion.Classified(fits), "attribute-tuned": occlusion.Outputs(tuned.labels)}
design = occlusion.Design(count=silent, images=tried, repeats=2)

# %% [markdown]
# The loss of accuracy for each kind of silence, with intervals over words. AUC stands beside it, because silence may
# merely move all answers to one side, which accuracy punishes and AUC does not.

# %% tags=["hide-input"]
parts = {name: street.part(name) for name in ("validation", "test")}
effects = {
    name: occlusion.silencing(
        nets[name], parts, divergences[name], answer,
        means=halves[name].responses.mean("image").to_numpy(), design=design, seed=seed,
    )
    for name, answer in answers.items()
}
lost = xr.concat(effects.values(), pd.Index(list(effects), name="network"), coords="minimal", compat="override")
lost = lost.sel(silent="none") - lost[["accuracy", "auc"]]
groups = {
    name: {kind: statistics.bootstrap(np.mean, lost.accuracy.sel(network=name, silent=kind).to_numpy(), method="percentile", **again)
           for kind in ("prime", "random", "matched")}
    for name in nets
}

# %% [markdown]
# Units differ in how much they matter to anything; only the difference to matched units is about the word.

# %% tags=["hide-input"]
rows = {}
for name in nets:
    for kind in ("random", "matched"):
        for measure in ("accuracy", "auc"):
            value = lost[measure].sel(network=name)
            gap = (value.sel(silent="prime") - value.sel(silent=kind)).to_numpy()
            one = statistics.bootstrap(np.mean, gap, method="percentile", **again)
            rows[f"{name}: prime, minus {kind}", measure] = str(one)
            title = f"Loss of {measure} by silencing {silent} prime units, minus that of {kind} units ({name})"
            page.record(f"silence_{name}_{kind}_{measure}", one, title=title)
frame = pd.Series(rows).unstack().rename_axis("what is lost")
page.table(frame, caption=f"{silent} prime units silenced, beside as many others; {len(words)} words")

# %% [markdown]
# And the losses themselves:

# %% tags=["hide-input"]
page.figure(
    drawn.estimates(groups, axis="accuracy lost"), "silence",
    alt="Accuracy lost by silencing prime, random and matched units, for both networks, with intervals over words.",
    data=lost.accuracy.to_dataframe().reset_index(),
)

# %% [markdown]
# ## What it costs
#
# The **plain** way sends every occluded picture through the network. The **incremental** way computes anew only what
# the occluder can reach, layer by layer, and is the same up to the order of sums. A patent application covers
# incremental inference over occluded inputs (US 2023/0042004 A1), so everything in this book uses the plain way, and
# the other is only used where it is asked for by name, as in this comparison.

# %% tags=["hide-input"]
asked, rows, found = local.asked(words[:4]), {}, {}
for method in occlusion.METHODS:
    one, clock, processor = local.with_method(method), time.perf_counter(), time.process_time()
    found[method] = one.responses(street.image(targets[0].image), asked)
    rows[method] = {"seconds": time.perf_counter() - clock, "processor seconds": time.process_time() - processor}
gap = max(float(np.abs(found["plain"].maps[size] - found["incremental"].maps[size]).max()) for size in sliding.sizes)
top = max(float(np.abs(found["plain"].maps[size]).max()) for size in sliding.sizes)
note = f"{sliding.passes(side=side)} occluded pictures, {len(asked)} units; largest difference {gap:.2g} of responses up to {top:.3g}"
page.table(pd.DataFrame(rows).T.rename_axis("way"), caption=note)

# %% [markdown]
# For networks as large as the paper's, and for its step of 4 pixels, `benchmarks/occlusion.py` times both ways and
# Captum's `Occlusion`.
#
# ## Paper beside here
#
# Section 6 prints its settings, and curves without numbers.

# %% tags=["hide-input"]
settings = {"saliency_tags": len(words), "saliency_images": images, "stride": stride, "input_side": side}
settings |= {f"occluders.{place}": size for place, size in enumerate(sliding.sizes, start=1)}
for name, value in settings.items():
    page.record(name, value, n=len(targets), note="scaled to the input of this network" if name[:2] in ("in", "oc") else "")
if street.annotations.drawn_boxes is not None:
    page.record("saliency_workers", street.annotations.drawn_boxes.groupby(["word", "image"]).annotator.nunique().max(), n=len(targets))
    page.record("saliency_votes", PAPER.saliency_votes, n=len(targets))
page.beside()

# %% [markdown]
# And its claims, each with the test that decides it:

# %% tags=["hide-input"]
page.claims()

# %% [markdown]
# ## What could not be reproduced
#
# The paper's photographs and boxes are not public, and its figure 6 has no numbers. Here fewer pictures of each tag are
# used, fewer tags, and a longer step. A long step could put the maps at a disadvantage against the gradient, which sees
# every pixel: a small garment may fall between two positions of the occluder. The table of steps above says whether it
# does, as far as this page's budget allows to know it. Figure 6b of the paper shows the attribute-tuned network only. Which
# classifier or unit is meant by “detectable only with a single neuron” is not said; the comparison above is one reading.
#
# On real photographs the maps stay *below* the gradient (the column of real data above). The same tables as on this
# page, made from those photographs (`make book PROFILE=sample`), ask why. It is not the step, as long as the coarse map
# follows the finest one. It is not the width of the Gaussian, and of the readings only *drop* sets own units apart from
# random ones there, at a low level: most of what an occluder changes is the edge that it makes. And silencing
# prime units costs a little more accuracy than silencing units like them, so they do matter. What is left to suspect is
# that a unit's spatial maximum says that a word is there, not where, and that garments on people are small.
#
# What the paper does not show are the two controls: units at random and the map of another tag. A curve that rises
# with $K$, even above the gradient, can rise because accumulated units of *any* kind find the person in the picture.
# The differences under figure 6a say how much of it is about the word.
#
# :::{admonition} Exercise
# :class: exercise
# The occluder shows the mean picture. Does a black one do as well? Make a localiser whose mean picture is 0 before
# scaling, and compare the mean average precision of both at the same $K$, over the same pictures.
# :::
#
# :::{admonition} Solution
# :class: dropdown
# `own = network.preprocess`, then `black = (0 * mean - torch.tensor(own.mean)[:, None, None]) / torch.tensor(own.std)[:, None, None]`
# and `dark = dataclasses.replace(local, mean=black.float())`. Then
# `other = occlusion.survey(dark, street, targets, counts=[most], thresholds=[0.5], seed=seed)` and
# `(saliency.tag_means(other.precision.sel(K=most), **again) - saliency.tag_means(scores.precision.sel(network="pre-trained", K=most), **again)).estimate()`.
# A black square is an edge of high contrast wherever it lies: more units rise when it appears, and the maps say more
# about the square than about the picture.
# :::
