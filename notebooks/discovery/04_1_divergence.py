# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 4.1 Divergence of neural activations
#
# **Question.** Nobody told the network what *striped* means. Which of its units nevertheless behave
# differently on images whose text says the word?
#
# **What the paper did.** Split the images by a word $u$ into those with it ($D^+_u$) and those
# without ($D^-_u$). Take the largest response of every channel over the image, make a histogram of
# it on each side, $P^+_i$ and $P^-_i$, and score unit $i$ by the symmetric Kullback–Leibler
# divergence (equation 1, {cite}`vittayakorn2016`):
#
# $$\begin{aligned}
# S_i(u\mid D) &= D_{KL}(P^+_i\,\|\,P^-_i) + D_{KL}(P^-_i\,\|\,P^+_i) \\
# &= \sum_x \bigl(P^+_i(x) - P^-_i(x)\bigr)\,\log\frac{P^+_i(x)}{P^-_i(x)} .
# \end{aligned}$$
#
# The units with the largest $S_i$ are the **prime units** of the word. The paper prints neither the
# number of bins nor what to do with empty ones. The second decides conclusions, as this page shows.

# %% tags=["parameters", "remove-cell"]
profile = "embedded"
corpus = "atelier-shop"
backbone = "caffenet-mini"
seed = 0
book = False
word = "striped"  # the word that is worked through
rarest = 20  # words with fewer training images than this are left out
resamples = 500  # of words, for intervals
others = []  # networks that are asked the same question as the first one
# words whose place is followed through all contrasts:
watched = ["spacious", "hooded", "blue", "striped", "soft", "new"]

# %% tags=["hide-input"]
from functools import partial

import numpy as np
import pandas as pd
import scipy.stats

from neuroattr import backbone as networks
from neuroattr import discovery, explorer, figures, papers, people, recorded, statistics
from neuroattr.book.chapter import Chapter
from neuroattr.discovery.overlap import shared_units
from neuroattr.recorded import Recorded
from neuroattr.studies import contrasts
from neuroattr.studies.kinds import visual_auc

# %% [markdown]
# ## Images, words, activations
#
# Everything on this page is measured on the training half of the corpus; the test and validation
# quarters stay untouched for the chapters that need them. Near-duplicates are gone
# ([section 3](03_datasets)). Convolutional channels are reduced to their spatial maximum, so each
# image is one row of numbers, one number a unit.

# %% tags=["hide-input"]
PAPER = papers.load("discovery").constants
page = Chapter(
    "discovery/04_1_divergence", corpus=corpus, backbone=backbone, profile=profile, book=book
)
network = networks.load(backbone)
market = recorded.load(corpus, network, seed=seed)
listings = market.corpus
page.uses(listings, network)

# %% [markdown]
# Words that hardly any training image has are left out here: a histogram of a handful of images is
# mostly noise, however it is smoothed.

# %% tags=["hide-input"]
half = market.part("train")
train, responses, layers = half.corpus, half.responses, half.unit_layers
words = half.frequent(at_least=rarest)
mentions = half.mentions(words)
divergence = half.divergence(words)

n_units = responses.sizes["unit"]
counted = f"{len(words)} words, {n_units:,} units, {len(train):,} training images"
page.say(f"{counted} of {listings.name}")

# %% [markdown]
# ## One word, by hand
#
# The activations of a unit are cut into bins at quantiles of all images, and exact zero has a bin
# of its own, because rectified units are zero most of the time. Counting is all that is done to the
# data. Each panel below is one of the word's four prime units: where the solid outline ($P^+$)
# leaves the dashed one ($P^-$), the unit says something about the word.

# %% tags=["hide-input"]
view = explorer.view(half, word, count=4)
page.figure(
    figures.histograms(view.positive, view.negative, word=word, titles=view.titles),
    "histograms",
    alt=f"Histograms of the four prime units of {word}: "
    "with the word the mass lies in other bins than without.",
    data=pd.DataFrame(view.positive.T, columns=list(view.titles)).rename_axis("bin"),
)

# %% [markdown]
# The divergence is a sum over these bins. For the first prime unit it can be followed by hand. A
# bin that one side leaves empty would make the logarithm infinite, so both histograms first receive
# a few more observations (half a one for each bin), spread like the two histograms together. Below
# are the bins with the largest terms.

# %% tags=["hide-input"]
n_with, n_without = view.positive[0], view.negative[0]
n_together = n_with + n_without
added = statistics.pooled_strength(PAPER.bins) * n_together / n_together.sum()
p_with = (n_with + added) / (n_with + added).sum()
p_without = (n_without + added) / (n_without + added).sum()

terms = pd.DataFrame({"images with": n_with, "images without": n_without})
terms["P⁺"], terms["P⁻"] = p_with, p_without
terms["term (nats)"] = (terms["P⁺"] - terms["P⁻"]) * np.log(terms["P⁺"] / terms["P⁻"])

largest_terms = terms.sort_values("term (nats)", ascending=False).head(6)
caption = f"Largest terms of the divergence of {view.titles[0]} for “{word}”"
page.table(largest_terms, caption=caption, index="bin")

# %% [markdown]
# Their sum over all bins is what the library computed for this unit and word, together with all
# others, in one pass:

# %% tags=["hide-input"]
by_hand = terms["term (nats)"].sum()
computed = float(divergence.sel(word=word)[view.units[0]])
page.say(f"Sum of the terms: {by_hand:.6f} nats; the library: {computed:.6f} nats.")

# %% [markdown]
# ## What do the prime units look at?
#
# The images on which each prime unit responds most, out of all images, whether they have the word
# or not. If the unit sees what the word means, most of these pictures show it, also those whose
# text forgot to say so. A unit may also mark a word by *falling silent*; its row then shows what
# the word is not.

# %% tags=["hide-input"]
pictures = explorer.Thumbnails(train).grid(view.strongest)
page.figure(
    figures.prime_units(view.positive, view.negative, pictures, word=word, titles=view.titles),
    "prime-units",
    alt=f"For each of four prime units of {word}: "
    "its two histograms and the six images with the largest response.",
)

# %% [markdown]
# Among those strongest images, how many say the word? The comparison is the word's share among all
# images. How many of the others merely forgot the word is a question for section 4.4.

# %% tags=["hide-input"]
said = train.mention(word)
said_of_strongest = said[view.strongest]
share = statistics.proportion(int(said_of_strongest.sum()), said_of_strongest.size)
among_all = f"{said.mean():.3f} among all"
page.say(f"Share that says “{word}”: {share} among the strongest images, {among_all}.")

# %% [markdown]
# Along the depth of the network the word has its own profile. The diamond is the best unit of each
# layer; the dashed line is what a unit without any association to the word would get on average,
# since the divergence of two samples is never zero: about $(B-1)(1/n_+ + 1/n_-)$ for $B$ bins,
# $n_+$ images with the word and $n_-$ without.

# %% tags=["hide-input"]
of_word = divergence.sel(word=word)
page.figure(
    figures.divergence_by_layer(of_word, layers, word=word, expected=half.chance(word)),
    "by-layer",
    alt=f"Divergence of the units of each layer for {word}: "
    "spread and best unit of each layer, beside chance.",
    data=of_word,
)

# %% [markdown]
# ## All words
#
# A rare word gets a large divergence from noise alone. So words are compared after the noise that
# their number of images lets one expect has been taken off; the expectation is computed from the
# same counts. The table shows both ends of the list.

# %% tags=["hide-input"]
correction = partial(statistics.corrected_divergence, smoothing=PAPER.smoothing)
corrected = half.scores(correction, words)
strength = pd.DataFrame(index=pd.Index(words, name="word"))
strength["images with the word"] = train.frequency[words]
strength["largest divergence"] = divergence.max("unit")
strength["corrected"] = corrected.max("unit")
strength["layer of the best unit"] = layers[corrected.argmax("unit")]

strength = strength.sort_values("corrected", ascending=False)
ends = pd.concat([strength.head(15), strength.tail(15)])
page.table(ends, caption="Words of largest and of smallest corrected divergence (nats)")

# %% [markdown]
# ### Does it separate visual words from others?
#
# The paper's intuition is that visual words diverge more. Here that can be tested, because for some
# words it is known what kind they are: in a generated market by construction, in the real catalogue
# from its own fields for colour and pattern, against the service words that the paper found least
# visual. AUC is the probability that a visual word diverges more than a non-visual one.

# %% tags=["hide-input"]
kinds = listings.truth.kinds.reindex(words)
largest_corrected = strength["corrected"][words]
page.figure(
    figures.by_kind(largest_corrected, kinds, label="largest corrected divergence (nats)"),
    "kinds",
    alt="Largest corrected divergence of each word, in a row for each kind of word.",
    data=strength.join(kinds.rename("kind")),
)

# %% [markdown]
# Context words and abstract words are left out of the comparison: the first are not visual but
# follow the kind of product, the second lie between. The interval is over words.

# %% tags=["hide-input"]
separation = visual_auc(largest_corrected, kinds)
title = "AUC of the corrected divergence, visual against non-visual words"
page.record("auc_visual", separation, title=title)
page.decide("divergence-separates", {"words": separation})

# %% [markdown]
# ### Would another network say the same?
#
# Section 4.4 of the paper: “the same can be done with other networks”. Below, the same words,
# images, bins and correction for networks of another architecture, as far as this profile names
# any: whether their units separate the words as well, and whether they put all words into the same
# order as the first network (Spearman). What a network was trained on is the same for all of them,
# so agreement says nothing of that.

# %% tags=["hide-input"]
rows = {network.title: {"units": n_units, "AUC": separation, "order of all words": "1"}}
asked = {}
for name in others:
    other = networks.load(name)
    recorded_by_other = Recorded.of(listings, other).part("train")
    largest_by_other = contrasts.largest_divergence(recorded_by_other, words)
    asked[other.title] = visual_auc(largest_by_other, kinds)
    order = statistics.spearman(largest_by_other.to_numpy(), largest_corrected.to_numpy())
    rows[other.title] = {
        "units": len(recorded_by_other.unit_layers),
        "AUC": asked[other.title],
        "order of all words": order,
    }

# %% [markdown]
# Their table; the claim is decided where there is another network to decide it.

# %% tags=["hide-input"]
caption = "No other network in this profile: its weights are not in the package"
if asked:
    caption = f"{separation.n} words for the AUC, {len(words)} for the order"
    page.decide("other-architectures", asked)
page.table(rows, caption=caption, index="network")

# %% [markdown]
# ### How much of it is chance?
#
# For each word and unit a $\chi^2$ test of association on the same counts (thin bins merged until
# each expects five positive images), then Benjamini–Hochberg over the units of a word at 5 %. A
# word is *seen* if one unit is left.

# %% tags=["hide-input"]
p_values = half.scores(
    lambda with_word, without: statistics.chi_square(with_word, without).pvalue, words
)
adjusted = scipy.stats.false_discovery_control(p_values.to_numpy(), axis=1)
units_beyond_chance = pd.Series((adjusted < 0.05).sum(axis=1), index=words)
seen = units_beyond_chance > 0

summary = pd.DataFrame()
summary["words"] = seen.groupby(kinds).size()
summary["seen"] = seen.groupby(kinds).sum()
summary["units of a word (median)"] = units_beyond_chance.groupby(kinds).median()
caption = "Words with at least one unit beyond chance (false discovery rate 5 %)"
page.table(summary, caption=caption, index="kind")

# %% [markdown]
# The claim that units respond to visual words *although nobody trained them to* asks for the
# difference between the two shares. Its interval is Newcombe's, over words.

# %% tags=["hide-input"]
shares = {}
for kind in ("visual", "non-visual"):
    seen_of_kind = seen[kinds == kind]
    shares[kind] = statistics.proportion(int(seen_of_kind.sum()), len(seen_of_kind))
difference = statistics.proportion_difference(shares["visual"], shares["non-visual"])
page.decide("units-without-supervision", {"words": difference})
with_a_unit = f"visual {shares['visual']}; non-visual {shares['non-visual']}"
page.say(f"Words with a unit: {with_a_unit}")

# %% [markdown]
# ## Looks, or what kind of thing it is?
#
# The pictures without a word are pictures of everything. If only watches are *analogue*, then every
# unit that tells watches from shirts diverges for “analogue”, whatever an analogue watch looks
# like. To ask for looks, the negatives have to be alike in everything else: in each stratum $s$ (a
# category, or a category of one shop) they are weighted until their share is that of the positives,
#
# $$P^-_i(x) = \sum_s \frac{n^+_s}{n^+} \, P^-_{i,s}(x) ,$$
#
# and positives of strata that have no negative are left out. Everything else stays as it was: the
# same bins, the same divergence, the same correction for chance, with the number of negatives that
# the weighted ones are worth. The paper stays within clothing and removes near-duplicates, which is
# a part of this; its own plain contrast stays the default of this library, and of every table
# beside one of the paper's.

# %% tags=["hide-input"]
matched_by = {
    "matched by category": ["category"],
    "matched by category and shop": ["category", "group"],
}
rows = {}
for contrast, columns in matched_by.items():
    matching = discovery.matching(mentions, train.strata(columns), words=words)
    rows[contrast] = {
        "strata with both": matching.positives.shape[1],
        "words with enough images": (matching.matched >= rarest).sum(),
        "images of a word left out (mean)": f"{matching.unmatched.mean():.0%}",
        "negatives, effective (median)": np.median(matching.effective),
    }
page.table(rows, caption=f"What matching leaves of {len(words)} words", index="contrast")

# %% [markdown]
# Does matching remove what it should? Deal the words out to the images at random *within each
# category*, so that a word still says what kind of thing is in the picture and nothing about its
# looks. In the matched contrast they should then diverge no more than words dealt out among *all*
# images, which say nothing at all. Below, the corrected divergence of the mean unit and of the
# largest, means over words.

# %% tags=["hide-input"]
by_category = contrasts.largest_divergence(half, words, match="category", at_least=rarest)
kept = list(by_category.index)
shuffled = contrasts.shuffled_divergence(half, kept, match="category", seed=seed)
shuffled = shuffled.rename(mean_unit="mean unit", largest_unit="largest unit")

names = {
    "dealt out within strata": "dealt out within categories",
    "matched": "matched by category",
}
means = shuffled.mean("word").to_dataframe().dropna().rename(index=names).sort_index()
caption = f"Corrected divergence (nats), mean of {len(kept)} words"
page.table(means, caption=caption, index="words / contrast")

# %% [markdown]
# What the plain contrast finds in words dealt out within categories, beyond words dealt out among
# all, is no property of their looks. How much of the divergence of the mean unit is it? (The
# largest unit is far from zero in any case: it is the luckiest of many.)

# %% tags=["hide-input"]
mean_unit = shuffled["mean unit"].sel(contrast="plain")
as_they_are, within_strata, among_all = mean_unit.to_numpy()
share = statistics.bootstrap(
    lambda real, within, nothing: (within.mean() - nothing.mean()) / (real.mean() - nothing.mean()),
    as_they_are,
    within_strata,
    among_all,
    draws=resamples,
    seed=seed,
)
title = "Share of the plain divergence (mean unit) that words dealt out within categories have, too"
page.record("category_share", share, title=title)
page.say(f"Share of the plain divergence that the category alone gives: {share}")

# %% [markdown]
# Word by word, the plain contrast against the matched one: words below the line owe a part of their
# divergence to the kind of thing that they are said of.

# %% tags=["hide-input"]
both = pd.DataFrame({"plain": largest_corrected[kept], "matched by category": by_category})
labels = ("plain: corrected divergence (nats)", "matched by category (nats)")
page.figure(
    figures.scatter(both, kinds, labels=labels, diagonal=True),
    "matched",
    alt="Largest corrected divergence of each word, plain against matched by category, "
    "by kind of word.",
    data=both.assign(kind=kinds),
)

# %% [markdown]
# The words that lose and win most places when all words are ranked by their divergence:

# %% tags=["hide-input"]
ranks = both.rank(ascending=False).astype(int).add_suffix(": rank")
ranks["kind"] = kinds
gained = (ranks["plain: rank"] - ranks["matched by category: rank"]).sort_values(kind="stable")
fallen, risen = gained.index[:10], gained.index[::-1][:10]
page.table(
    ranks.loc[[*fallen, *risen]], caption="Ten words that fall most, then ten that rise most"
)

# %% [markdown]
# ### Sentences that a shop repeats
#
# The other thing that is not looks is boilerplate. How to wash it, how to keep the watch, who wears
# it: a shop says that of product after product, word for word, and each adjective in it becomes a
# candidate that follows the shop. A sentence is boilerplate here if three or more descriptions of
# one shop have it; titles are read whole.

# %% tags=["hide-input"]
plain_text = listings.without_boilerplate()
report = plain_text.report
columns = ["shop", "sentence", "descriptions"]
frequent = pd.DataFrame(report["most frequent boilerplate"][:8], columns=columns)

left_out, before = report["boilerplate left out, of all sentences"], report["sentences before"]
caption = f"{left_out:,} of {before:,} sentences are boilerplate; the most frequent"
page.table(frequent.set_index("shop"), caption=caption)

# %% [markdown]
# The words that it costs most mentions, and the share that they keep:

# %% tags=["hide-input"]
columns = ["images with", "without boilerplate"]
lost = pd.DataFrame.from_dict(
    report["words that lost most to boilerplate"], orient="index", columns=columns
)
lost["kept"] = (lost["without boilerplate"] / lost["images with"]).map("{:.0%}".format)
caption = f"Words that lost most, of {len(lost)} that lost any"
page.table(lost.head(12), caption=caption, index="word")

# %% [markdown]
# The rule knows nothing of meaning. The generated market writes from a small stock of sentences, so
# that a large shop repeats true ones by accident, and there the rule takes honest mentions with it.
# In the real catalogue what it takes is how to wash and what to keep away from;
# `corpus.load("products", boilerplate="drop")` also chooses the candidate words from what is left.
#
# ### What does it do to the agreement with people?
#
# How visible a word is to people is measured in [section 4.3](04_3_human_perception): by votes on
# pairs of pictures where there are some, by published ratings of words (Lancaster's visual
# strength) otherwise. Does the order of words by divergence come closer to it? All rows are over
# the same words: those that every contrast has enough images of.

# %% tags=["hide-input"]
texts = {"": half, "no boilerplate, ": contrasts.with_mentions_of(half, plain_text)}
columns_of = {"plain": [], **matched_by}
largest_of = {}
for text, recorded_texts in texts.items():
    for contrast, columns in columns_of.items():
        largest_of[text + contrast] = contrasts.largest_divergence(
            recorded_texts, kept, match=columns, at_least=rarest
        )
scores = pd.DataFrame(largest_of).reindex(kept)  # missing where too few images are left

# %% [markdown]
# What people say of these words, and the words that they and all contrasts have:

# %% tags=["hide-input"]
judged = [name for name in people.judged(listings) if name in kept]
asked_people = people.judgements(listings, judged, theta=PAPER.theta)
human = asked_people.visualness.to_series()
in_all = scores.dropna().join(human.rename("people"), how="inner").sort_index().to_xarray()

# %% [markdown]
# The agreement of each order with people's:

# %% tags=["hide-input"]
agreements = {}
for contrast in scores:
    agreement = discovery.agreement(in_all[contrast], in_all["people"], draws=resamples, seed=seed)
    agreements[contrast] = agreement.spearman
intervals = pd.DataFrame(agreements.values(), index=list(agreements))

# %% [markdown]
# As a figure, the contrast that agrees most on top:

# %% tags=["hide-input"]
low, high = intervals["low"].to_numpy(), intervals["high"].to_numpy()
names = list(intervals.index.str.replace("matched by", "by"))
page.figure(
    figures.ranking(intervals["value"], names, label="Spearman with people", low=low, high=high),
    "agreement",
    alt=f"Spearman of the order of words with {asked_people.note}, with intervals, "
    "for each contrast.",
    data=intervals.rename(columns={"value": "spearman", "n": "words"}),
)

# %% [markdown]
# Each row against the first, over resamples of the same words, beside the AUC of words that are
# known to be visual. A difference whose interval holds zero is none.

# %% tags=["hide-input"]
rows = {}
for contrast in scores:
    gain = discovery.advantage(
        in_all[contrast], in_all["plain"], in_all["people"], draws=resamples, seed=seed
    )
    rows[contrast] = {
        "Spearman with people": agreements[contrast],
        "more than plain": None if contrast == "plain" else gain.spearman,
        "AUC, visual words": visual_auc(scores.dropna()[contrast], kinds),
    }
caption = f"Order of {in_all.sizes['word']} words by their largest corrected divergence"
page.table(rows, caption=caption, index="contrast")

# %% [markdown]
# Some words on their way through the contrasts, by their place among all words that a contrast has
# enough images of:

# %% tags=["hide-input"]
places = scores.rank(ascending=False).reindex(watched)
caption = "Place by largest corrected divergence (– where too few images are left)"
page.table(places, caption=caption, index="word")

# %% [markdown]
# Three of these agreements are kept for the table at the end of the page.

# %% tags=["hide-input"]
ids = {
    "plain": "spearman_plain",
    "matched by category": "spearman_matched",
    "no boilerplate, matched by category": "spearman_matched_no_boilerplate",
}
for contrast, id in ids.items():
    title = f"Spearman of divergence with people, {contrast}"
    page.record(id, agreements[contrast], title=title, note=asked_people.note)

# %% [markdown]
# Matching more is not always better. A shop rarely has the same kind of thing with and without a
# word, so the strictest contrast leaves out many images and rests on few negatives; what it wins in
# fairness it can lose to noise. And where published ratings stand in for people, another thing is
# asked: how *concrete* a word is rewards words that name a thing (“dial”, “sole”), which is just
# what matching takes away.

# %% [markdown]
# ## The choice that the paper does not print
#
# What happens to empty bins? Adding a tiny constant to every probability, a common way out, makes
# each bin that only one side fills cost about twenty nats times its mass. To see what that does,
# the words are dealt out to the images at random: no word means anything any more, and whatever
# divergence is left is an artefact. A smoothing is good if it stays near or below the dashed line,
# what chance gives where bins are well filled, and if it treats all layers alike.

# %% tags=["hide-input"]
smoothings = ("pooled", "jeffreys", "epsilon")
dealt_out = mentions[np.random.default_rng(seed).permutation(len(train))]
means = {}
for smoothing in smoothings:
    noise = discovery.unit_divergence(
        responses, dealt_out, bins=PAPER.bins, smoothing=smoothing, words=words
    )
    means[smoothing] = noise.mean("word").groupby("layer").mean().to_series()
by_layer = pd.DataFrame(means).loc[list(network.layers)]
expected = float(np.mean([half.chance(name) for name in words]))

# %% [markdown]
# Their means by layer:

# %% tags=["hide-input"]
page.figure(
    figures.bars_by_layer(by_layer, label="mean divergence (nats)", expected=expected),
    "smoothing",
    alt="Mean divergence by layer when words are dealt out at random, "
    "for three ways to treat empty bins.",
    data=by_layer,
)

# %% [markdown]
# In a corpus of this size a rare word leaves bins empty in every layer: it has fewer images than
# there are bins, or few more. In one of the paper's size, whole layers fill their bins and others
# do not: units of the fully connected layers are zero on most images. What happens then can be
# simulated without any image, from nothing but the two sizes: 200 images with a word, 86,000
# without, a unit whose bins are equally full against one that is zero on 95 % of all images, and no
# association at all.

# %% tags=["hide-input"]
rng, runs = np.random.default_rng(seed), 2000
equally_full = np.full(PAPER.bins, 1 / PAPER.bins)
mostly_zero = np.full(PAPER.bins, 0.05 / (PAPER.bins - 1))
mostly_zero[0] = 0.95

simulated = pd.DataFrame(index=list(smoothings))
for unit, probabilities in {"dense unit": equally_full, "95 % zeros": mostly_zero}.items():
    with_word = rng.multinomial(200, probabilities, runs)
    without = rng.multinomial(86_000, probabilities, runs)
    for smoothing in smoothings:
        noise = statistics.symmetric_kl(with_word, without, smoothing=smoothing)
        simulated.loc[smoothing, unit] = noise.mean()
caption = f"Mean divergence (nats) without any association, {runs:,} simulated words"
page.table(simulated, caption=caption, index="empty bins")

# %% [markdown]
# If the second column is far above the first, a rare word finds its “prime units” among sparse
# units for no reason but their sparseness, and the tables and figures of the paper's section 5
# inherit it.

# %% [markdown]
# Does it change what a reader would conclude? Below, for the true words: how many of a word's 100
# prime units stay the same when *pooled* is replaced, how the words' order changes, and how often
# the best unit lies in a fully connected layer.

# %% tags=["hide-input"]
pooled_units = discovery.prime_units(divergence, count=PAPER.prime_units)
rows = {}
for smoothing in smoothings:
    other = discovery.unit_divergence(
        responses, mentions, bins=PAPER.bins, smoothing=smoothing, words=words
    )
    units = discovery.prime_units(other, count=PAPER.prime_units)
    order = statistics.spearman(other.max("unit").to_numpy(), divergence.max("unit").to_numpy())
    best_layers = layers[other.argmax("unit")].astype(str)
    rows[smoothing] = {
        "shared prime units (of 100)": shared_units(units, pooled_units).mean(),
        "order of words (Spearman)": order.value,
        "best unit in fc": np.char.startswith(best_layers, "fc").mean(),
    }
page.table(rows, caption="What the treatment of empty bins changes", index="empty bins")

# %% [markdown]
# ## Sparse or dense?
#
# The paper remarks twice on sparseness: each neuron responds to few stimuli, and the fully
# connected layers fire only a handful of neurons, whereas the maximum over a convolutional map is
# nearly always positive.

# %% tags=["hide-input"]
active = (responses > responses.min("image")).to_numpy()
share_active = active.mean(axis=0)
by_layer = pd.Series(share_active).groupby(layers, sort=False).describe()
columns = ["count", "mean", "25%", "50%", "75%"]
page.table(by_layer[columns], caption="How often units respond, by layer", index="layer")

# %% [markdown]
# The two remarks as claims: the share of images on which the median unit is silent, and how much
# larger the share of active units is in convolutional layers than in fully connected ones, for the
# mean image.

# %% tags=["hide-input"]
silent = statistics.bootstrap(
    np.median, 1 - share_active, draws=1000, seed=seed, method="percentile"
)
page.decide("sparse-responses", {"units": silent})

fully = np.char.startswith(layers.astype(str), "fc")
denser = active[:, ~fully].mean(axis=1) - active[:, fully].mean(axis=1)
denser = statistics.bootstrap(np.mean, denser, draws=1000, seed=seed, method="percentile")
page.decide("conv-dense-fc-sparse", {"images": denser})

# %% [markdown]
# ## Paper beside here
#
# Section 4.1 prints no result, only an intuition; what it fixes is the number of units.

# %% tags=["hide-input"]
page.record("dimensions", n_units, n=n_units, note=f"all units of {network.title}")
page.comparison()

# %% [markdown]
# And its claims, each with the test that decides it:

# %% tags=["hide-input"]
page.claims()

# %% [markdown]
# ## What could not be reproduced
#
# The histograms of the paper are not printed, nor is any divergence. Its training images and its
# copy of CaffeNet's activations are not public. Whether its authors treated empty bins by a small
# constant is a guess from common practice.
#
# :::{admonition} Exercise
# :class: exercise
# A unit that *falls silent* when the word is true has a divergence as large as one that wakes up.
# Find, for the word of this page, how many of its 100 prime units are silenced by it.
# :::
#
# :::{admonition} Solution
# :class: dropdown
# The area under the ROC curve tells the direction: below one half, images with the word excite the
# unit less. It comes from the same counts: `auc = half.scores(statistics.count_auc,
# words).sel(word=word)`, then `(auc[discovery.prime_units(divergence.sel(word=word).to_numpy(),
# count=100)] < 0.5).sum()`.
# :::
