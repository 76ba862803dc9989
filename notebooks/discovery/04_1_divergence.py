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
# **Question.** Nobody told the network what *striped* means. Which of its units nevertheless behave differently on
# images whose text says the word?
#
# **What the paper did.** Split the images by a word $u$ into those with it ($D^+_u$) and those without ($D^-_u$). Take
# the largest response of every channel over the image, make a histogram of it on each side, $P^+_i$ and $P^-_i$, and
# score unit $i$ by the symmetric Kullback–Leibler divergence (equation 1, {cite}`vittayakorn2016`):
#
# $$\begin{aligned}
# S_i(u\mid D) &= D_{KL}(P^+_i\,\|\,P^-_i) + D_{KL}(P^-_i\,\|\,P^+_i) \\
# &= \sum_x \bigl(P^+_i(x) - P^-_i(x)\bigr)\,\log\frac{P^+_i(x)}{P^-_i(x)} .
# \end{aligned}$$
#
# The units with the largest $S_i$ are the **prime units** of the word. The paper prints neither the number of bins
# nor what to do with empty ones. The second decides conclusions, as this page shows.

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
watched = ["spacious", "hooded", "blue", "striped", "soft", "new"]  # words whose place is followed through all contrasts

# %% tags=["hide-input"]
from functools import partial

import numpy as np
import pandas as pd
import scipy.stats

from neuroattr import backbone as networks, discovery, explorer, figures, papers, recorded, statistics
from neuroattr.chapter import Chapter
from neuroattr.corpus import norms
from neuroattr.recorded import Recorded
from neuroattr.studies.people import voters

PAPER = papers.load("discovery").constants
page = Chapter("discovery/04_1_divergence", corpus=corpus, backbone=backbone, profile=profile, book=book)

# %% [markdown]
# ## Images, words, activations
#
# Everything on this page is measured on the training half of the corpus; the test and validation quarters stay
# untouched for the chapters that need them. Near-duplicates are gone ([section 3](03_datasets)). Convolutional
# channels are reduced to their spatial maximum, so each image is one row of numbers, one number a unit.

# %% tags=["hide-input"]
network = networks.load(backbone)
market = recorded.load(corpus, network, seed=seed)
listings, half = market.corpus, market.part("train")
page.uses(listings, network)
train, responses, layers = half.corpus, half.responses, half.unit_layers
words, counts = half.frequent(at_least=rarest), train.frequency
divergence, mentions = half.divergence(words), half.mentions(words)
page.say(f"{len(words)} words, {responses.sizes['unit']:,} units, {len(train):,} training images of {listings.name}")

# %% [markdown]
# Words that hardly any training image has are left out here: a histogram of a handful of images is mostly noise,
# however it is smoothed.
#
# ## One word, by hand
#
# The activations of a unit are cut into bins at quantiles of all images, and exact zero has a bin of its own, because
# rectified units are zero most of the time. Counting is all that is done to the data. Each panel below is one of the
# word's four prime units: where the solid outline ($P^+$) leaves the dashed one ($P^-$), the unit says something about
# the word.

# %% tags=["hide-input"]
view = explorer.view(half, word, count=4)
page.figure(
    figures.histograms(view.positive, view.negative, word=word, titles=view.titles),
    "histograms",
    alt=f"Histograms of the four prime units of {word}: with the word the mass lies in other bins than without.",
    data=pd.DataFrame(view.positive.T, columns=list(view.titles)).rename_axis("bin"),
)

# %% [markdown]
# The divergence is a sum over these bins. For the first prime unit it can be followed by hand. A bin that one side
# leaves empty would make the logarithm infinite, so both histograms first receive a few more observations (half a one
# for each bin), spread like the two histograms together. Below are the bins with the largest terms.

# %% tags=["hide-input"]
terms = pd.DataFrame({"images with": view.positive[0], "images without": view.negative[0]}).rename_axis("bin")
added = statistics.pooled_strength(PAPER.bins) * terms.sum(axis=1) / terms.to_numpy().sum()
for side, symbol in (("images with", "P⁺"), ("images without", "P⁻")):
    terms[symbol] = (terms[side] + added) / (terms[side] + added).sum()
terms["term (nats)"] = (terms["P⁺"] - terms["P⁻"]) * np.log(terms["P⁺"] / terms["P⁻"])
largest = terms.sort_values("term (nats)", ascending=False)
page.table(largest.head(6), caption=f"Largest terms of the divergence of {view.titles[0]} for “{word}”")

# %% [markdown]
# Their sum over all bins is what the library computed for this unit and word, together with all others, in one pass:

# %% tags=["hide-input"]
computed = float(divergence.sel(word=word)[view.units[0]])
page.say(f"Sum of the terms: {terms['term (nats)'].sum():.6f} nats; the library: {computed:.6f} nats.")

# %% [markdown]
# ## What do the prime units look at?
#
# The images on which each prime unit responds most, out of all images, whether they have the word or not. If the unit
# sees what the word means, most of these pictures show it, also those whose text forgot to say so. A unit may also
# mark a word by *falling silent*; its row then shows what the word is not.

# %% tags=["hide-input"]
page.figure(
    figures.prime_units(view.positive, view.negative, explorer.Thumbnails(train).grid(view.strongest), word=word, titles=view.titles),
    "prime-units",
    alt=f"For each of four prime units of {word}: its two histograms and the six images with the largest response.",
)

# %% [markdown]
# Among those strongest images, how many say the word? The comparison is the word's share among all images. How many of
# the others merely forgot the word is a question for section 4.4.

# %% tags=["hide-input"]
said = train.mention(word)
share = statistics.proportion(int(said[view.strongest].sum()), view.strongest.size)
page.say(f"Share that says “{word}”: {share} among the strongest images, {said.mean():.3f} among all.")

# %% [markdown]
# Along the depth of the network the word has its own profile. The diamond is the best unit of each layer; the dashed
# line is what a unit without any association to the word would get on average, since the divergence of two samples is
# never zero: about $(B-1)(1/n_+ + 1/n_-)$ for $B$ bins, $n_+$ images with the word and $n_-$ without.

# %% tags=["hide-input"]
profile_of_word = divergence.sel(word=word)
page.figure(
    figures.divergence_by_layer(profile_of_word, layers, word=word, expected=half.chance(word)),
    "by-layer",
    alt=f"Divergence of the units of each layer for {word}: spread and best unit of each layer, beside chance.",
    data=profile_of_word,
)

# %% [markdown]
# ## All words
#
# A rare word gets a large divergence from noise alone. So words are compared after the noise that their number of
# images lets one expect has been taken off; the expectation is computed from the same counts. The table shows both
# ends of the list.

# %% tags=["hide-input"]
corrected = half.scores(partial(statistics.corrected_divergence, smoothing=PAPER.smoothing), words)
strength = pd.DataFrame({
    "images with the word": counts[words].to_numpy(),
    "largest divergence": divergence.max("unit"),
    "corrected": corrected.max("unit"),
    "layer of the best unit": layers[corrected.argmax("unit")],
}, index=pd.Index(words, name="word")).sort_values("corrected", ascending=False)
ends = pd.concat([strength.head(15), strength.tail(15)])
page.table(ends, caption="Words of largest and of smallest corrected divergence (nats)")

# %% [markdown]
# ### Does it separate visual words from others?
#
# The paper's intuition is that visual words diverge more. Here that can be tested, because for some words it is known
# what kind they are: in a generated market by construction, in the real catalogue from its own fields for colour and
# pattern, against the service words that the paper found least visual. AUC is the probability that a visual word
# diverges more than a non-visual one.

# %% tags=["hide-input"]
kinds = listings.truth.kinds.reindex(words)
page.figure(
    figures.by_kind(strength["corrected"][words], kinds, label="largest corrected divergence (nats)"),
    "kinds",
    alt="Largest corrected divergence of each word, in a row for each kind of word.",
    data=strength.join(kinds.rename("kind")),
)

# %% [markdown]
# Context words and abstract words are left out of the comparison: the first are not visual but follow the kind of
# product, the second lie between. The interval is over words.

# %% tags=["hide-input"]
compared = kinds.isin(["visual", "non-visual"]).to_numpy()
separation = statistics.auc(strength["corrected"][words].to_numpy()[compared], (kinds == "visual").to_numpy()[compared])
page.record("auc_visual", separation, title="AUC of the corrected divergence, visual against non-visual words")
page.decide("divergence-separates", {"words": separation})

# %% [markdown]
# ### Would another network say the same?
#
# Section 4.4 of the paper: “the same can be done with other networks”. Below, the same words, images, bins and
# correction for networks of another architecture, as far as this profile names any: whether their units separate the
# words as well, and whether they put all words into the same order as the first network (Spearman). What a network was
# trained on is the same for all of them, so agreement says nothing of that.

# %% tags=["hide-input"]
visual, order = (kinds == "visual").to_numpy()[compared], strength["corrected"][words].to_numpy()
asked, rows = {}, {network.title: {"units": len(layers), "AUC": str(separation), "order of all words": "1"}}
for name in others:
    other = networks.load(name)
    seen = Recorded.of(listings, other).part("train")
    largest = seen.scores(partial(statistics.corrected_divergence, smoothing=PAPER.smoothing), words).max("unit").to_numpy()
    asked[other.title] = statistics.auc(largest[compared], visual)
    rows[other.title] = {"units": len(seen.unit_layers), "AUC": str(asked[other.title]), "order of all words": str(statistics.spearman(largest, order))}
if asked:
    page.decide("other-architectures", asked)
page.table(pd.DataFrame(rows).T.rename_axis("network"), caption=f"{int(compared.sum())} words for the AUC, {len(words)} for the order" if asked else "No other network in this profile: its weights are not in the package")

# %% [markdown]
# ### How much of it is chance?
#
# For each word and unit a $\chi^2$ test of association on the same counts (thin bins merged until each expects five
# positive images), then Benjamini–Hochberg over the units of a word at 5 %. A word is *seen* if one unit is left.

# %% tags=["hide-input"]
pvalues = half.scores(lambda positive, negative: statistics.chi_square(positive, negative).pvalue, words)
adjusted = scipy.stats.false_discovery_control(pvalues.to_numpy(), axis=1)
seen = pd.DataFrame({"kind": kinds.to_numpy(), "units": (adjusted < 0.05).sum(1)}, index=pd.Index(words, name="word"))
summary = seen.groupby("kind")["units"].agg(words="size", seen=lambda n: int((n > 0).sum()), units="median")
summary = summary.rename(columns={"units": "units of a word (median)"})
page.table(summary, caption="Words with at least one unit beyond chance (false discovery rate 5 %)")

# %% [markdown]
# The claim that units respond to visual words *although nobody trained them to* asks for the difference between the
# two shares. Its interval is Newcombe's, over words.

# %% tags=["hide-input"]
of_kind = {kind: seen["units"][seen["kind"] == kind] > 0 for kind in ("visual", "non-visual")}
shares = {kind: statistics.proportion(int(group.sum()), len(group)) for kind, group in of_kind.items()}
page.decide("units-without-supervision", {"words": statistics.proportion_difference(shares["visual"], shares["non-visual"])})
page.say("Words with a unit: " + "; ".join(f"{kind} {share}" for kind, share in shares.items()))

# %% [markdown]
# ## Looks, or what kind of thing it is?
#
# The pictures without a word are pictures of everything. If only watches are *analogue*, then every unit that tells
# watches from shirts diverges for “analogue”, whatever an analogue watch looks like. To ask for looks, the negatives
# have to be alike in everything else: in each stratum $s$ (a category, or a category of one shop) they are weighted
# until their share is that of the positives,
#
# $$P^-_i(x) = \sum_s \frac{n^+_s}{n^+} \, P^-_{i,s}(x) ,$$
#
# and positives of strata that have no negative are left out. Everything else stays as it was: the same bins, the same
# divergence, the same correction for chance, with the number of negatives that the weighted ones are worth. The paper
# stays within clothing and removes near-duplicates, which is a part of this; its own plain contrast stays the default
# of this library, and of every table beside one of the paper's.

# %% tags=["hide-input"]
columns = {"matched by category": ["category"], "matched by category and shop": ["category", "group"]}
strata = {name: train.strata(match) for name, match in columns.items()}  # one number an image
matchings = {name: discovery.matching(mentions, labels, words=words) for name, labels in strata.items()}
rows = {name: {"strata with both": one.positives.shape[1], "words with enough images": int((one.matched >= rarest).sum()),
               "images of a word left out (mean)": f"{one.unmatched.mean():.0%}", "negatives, effective (median)": np.median(one.effective)}
        for name, one in matchings.items()}
page.table(pd.DataFrame(rows).T.rename_axis("contrast"), caption=f"What matching leaves of {len(words)} words")

# %% [markdown]
# Does matching remove what it should? Deal the words out to the images at random *within each category*, so that a word
# still says what kind of thing is in the picture and nothing about its looks. In the matched contrast they should then
# diverge no more than words dealt out among *all* images, which say nothing at all. Below, the corrected divergence of
# the mean unit and of the largest, means over words.

# %% tags=["hide-input"]
score = partial(statistics.corrected_divergence, smoothing=PAPER.smoothing)
category = strata["matched by category"]
enough = matchings["matched by category"].matched >= rarest
said = {"as they are": mentions, "dealt out within categories": discovery.shuffled_within(mentions, category, seed=seed),
        "dealt out among all": discovery.shuffled_within(mentions, np.zeros(len(train)), seed=seed)}
measured = {(text, "plain"): discovery.unit_scores(responses, m[:, enough], score, bins=PAPER.bins) for text, m in said.items()}
measured |= {(text, name): discovery.matched_scores(responses, said[text][:, enough], category, score, bins=PAPER.bins)
             for text in list(said)[:2] for name in ["matched by category"]}
means = {of: {key: float(getattr(one, how)("unit").mean()) for key, one in measured.items()}
         for of, how in (("mean unit", "mean"), ("largest unit", "max"))}
page.table(pd.DataFrame(means).rename_axis(["words", "contrast"]).sort_index(), caption=f"Corrected divergence (nats), mean of {int(enough.sum())} words")

# %% [markdown]
# What the plain contrast finds in words dealt out within categories, beyond words dealt out among all, is no property of
# their looks. How much of the divergence of the mean unit is it? (The largest unit is far from zero in any case: it is
# the luckiest of many.)

# %% tags=["hide-input"]
real, within, nothing = (measured[text, "plain"].mean("unit").to_numpy() for text in said)
share = statistics.bootstrap(lambda a, b, c: (b.mean() - c.mean()) / (a.mean() - c.mean()), real, within, nothing, draws=resamples, seed=seed)
page.record("category_share", share, title="Share of the plain divergence (mean unit) that words dealt out within categories have, too")
page.say(f"Share of the plain divergence that the category alone gives: {share}")

# %% [markdown]
# Word by word, the plain contrast against the matched one: words below the line owe a part of their divergence to the
# kind of thing that they are said of.

# %% tags=["hide-input"]
kept = [name for name, one in zip(words, enough, strict=True) if one]
both = pd.DataFrame({name: one.max("unit").to_numpy() for (text, name), one in measured.items() if text == "as they are"}, index=pd.Index(kept, name="word"))
page.figure(
    figures.scatter(both, kinds, labels=("plain: corrected divergence (nats)", "matched by category (nats)"), diagonal=True),
    "matched",
    alt="Largest corrected divergence of each word, plain against matched by category, by kind of word.",
    data=both.assign(kind=kinds),
)

# %% [markdown]
# The words that lose and win most places when all words are ranked by their divergence:

# %% tags=["hide-input"]
ranks = both.rank(ascending=False).astype(int).add_suffix(": rank").assign(kind=kinds)
moved = (ranks["plain: rank"] - ranks["matched by category: rank"]).sort_values(kind="stable")
ends = [*moved.index[:10], *moved.index[:-11:-1]]
page.table(ranks.loc[ends], caption="Ten words that fall most, then ten that rise most")

# %% [markdown]
# ### Sentences that a shop repeats
#
# The other thing that is not looks is boilerplate. How to wash it, how to keep the watch, who wears it: a shop says that
# of product after product, word for word, and each adjective in it becomes a candidate that follows the shop. A
# sentence is boilerplate here if three or more descriptions of one shop have it; titles are read whole.

# %% tags=["hide-input"]
plain_text = listings.without_boilerplate()
report = plain_text.report
frequent = pd.DataFrame(report["most frequent boilerplate"][:8], columns=["shop", "sentence", "descriptions"]).set_index("shop")
left_out = report["boilerplate left out, of all sentences"]
page.table(frequent, caption=f"{left_out:,} of {report['sentences before']:,} sentences are boilerplate; the most frequent")

# %% [markdown]
# The words that it costs most mentions, and the share that they keep:

# %% tags=["hide-input"]
lost = pd.DataFrame(report["words that lost most to boilerplate"], index=["images with", "without boilerplate"]).T.rename_axis("word")
lost["kept"] = (lost["without boilerplate"] / lost["images with"]).map("{:.0%}".format)
page.table(lost.head(12), caption=f"Words that lost most, of {len(lost)} that lost any")

# %% [markdown]
# The rule knows nothing of meaning. The generated market writes from a small stock of sentences, so that a large shop
# repeats true ones by accident, and there the rule takes honest mentions with it. In the real catalogue what it takes
# is how to wash and what to keep away from; `corpus.load("products", boilerplate="drop")` also chooses the candidate
# words from what is left.
#
# ### What does it do to the agreement with people?
#
# How visible a word is to people is measured in [section 4.3](04_3_human_perception): by votes on pairs of pictures
# where there are some, by published ratings of words (Lancaster's visual strength) otherwise. Does the order of words
# by divergence come closer to it? All rows are over the same words: those that every contrast has enough images of.

# %% tags=["hide-input"]
texts = {"": train, "no boilerplate, ": plain_text.part("train")}
orders = {}
for text, part in texts.items():
    said = part.subset(part.ids.isin(train.ids)).mentions
    there = [name for name in kept if name in part.words and rarest <= part.frequency[name] <= len(part) - rarest]
    of_word = said[:, [part.words.index(name) for name in there]]
    for name, labels in {"plain": np.zeros(len(part), int), **strata}.items():
        fit = discovery.matching(of_word, labels).matched >= rarest
        found = discovery.matched_scores(responses, of_word[:, fit], labels, score, bins=PAPER.bins)
        orders[text + name] = pd.Series(found.max("unit").to_numpy(), [there[w] for w in np.flatnonzero(fit)])

# %% [markdown]
# (With one stratum for all, the matched divergence is the plain one.)

# %% tags=["hide-input"]
votes = listings.truth.votes
if votes is None:
    people, name_of_people = norms.lancaster(), "Lancaster visual strength"
else:
    box = discovery.ballots(votes["word"], votes["pair"], votes["answer"])
    people, name_of_people = discovery.human_visualness(box, theta=PAPER.theta).visualness.to_series(), voters(listings)

# %% [markdown]
# The agreement of each order with people's:

# %% tags=["hide-input"]
common = sorted(set(people.index).intersection(*(scores.index for scores in orders.values())))
human = people[common].to_numpy()
close = {name: discovery.agreement(scores[common].to_numpy(), human, draws=resamples, seed=seed).spearman for name, scores in orders.items()}
page.figure(
    figures.ranking([one.value for one in close.values()], [name.replace("matched by", "by") for name in close], label="Spearman with people",
                    low=[one.low for one in close.values()], high=[one.high for one in close.values()]),
    "agreement", alt=f"Spearman of the order of words with {name_of_people}, with intervals, for each contrast.",
    data=pd.DataFrame({name: [one.value, one.low, one.high, one.n] for name, one in close.items()}, index=["spearman", "low", "high", "words"]).T,
)

# %% [markdown]
# Each row against the first, over resamples of the same words, beside the AUC of words that are known to be visual. A
# difference whose interval holds zero is none.

# %% tags=["hide-input"]
judged = [name for name in kept if kinds[name] in ("visual", "non-visual") and all(name in one.index for one in orders.values())]
truth = (kinds[judged] == "visual").to_numpy()
rows = {}
for name, scores in orders.items():
    gap = discovery.advantage(scores[common].to_numpy(), orders["plain"][common].to_numpy(), human, draws=resamples, seed=seed)
    rows[name] = {"Spearman with people": str(close[name]), "more than plain": "–" if name == "plain" else str(gap.spearman),
                  "AUC, visual words": str(statistics.auc(scores[judged].to_numpy(), truth))}
page.table(pd.DataFrame(rows).T.rename_axis("contrast"), caption=f"Order of {len(common)} words by their largest corrected divergence")

# %% [markdown]
# Some words on their way through the contrasts, by their place among all words that a contrast has enough images of:

# %% tags=["hide-input"]
places = pd.DataFrame({name: scores.rank(ascending=False) for name, scores in orders.items()})
page.table(places.reindex(watched).rename_axis("word"), caption="Place by largest corrected divergence (– where too few images are left)")

# %% [markdown]
# Three of these agreements are kept for the table at the end of the page.

# %% tags=["hide-input"]
for name, id in (("plain", "plain"), ("matched by category", "matched"), ("no boilerplate, matched by category", "matched_no_boilerplate")):
    page.record(f"spearman_{id}", close[name], title=f"Spearman of divergence with people, {name}", note=name_of_people)

# %% [markdown]
# Matching more is not always better. A shop rarely has the same kind of thing with and without a word, so the strictest
# contrast leaves out many images and rests on few negatives; what it wins in fairness it can lose to noise. And where
# published ratings stand in for people, another thing is asked: how *concrete* a word is rewards words that name a thing
# (“dial”, “sole”), which is just what matching takes away.

# %% [markdown]
# ## The choice that the paper does not print
#
# What happens to empty bins? Adding a tiny constant to every probability, a common way out, makes each bin that only
# one side fills cost about twenty nats times its mass. To see what that does, the words are dealt out to the images at
# random: no word means anything any more, and whatever divergence is left is an artefact. A smoothing is good if it
# stays near or below the dashed line, what chance gives where bins are well filled, and if it treats all layers alike.

# %% tags=["hide-input"]
shuffled = mentions[np.random.default_rng(seed).permutation(len(train))]
options, ways = {"bins": PAPER.bins, "words": words}, ("pooled", "jeffreys", "epsilon")
noise = {way: discovery.unit_divergence(responses, shuffled, smoothing=way, **options) for way in ways}
expected = float(np.mean([half.chance(name) for name in words]))
means = {way: table.mean("word").groupby("layer").mean().sel(layer=list(network.layers)) for way, table in noise.items()}
by_layer = pd.DataFrame(means, index=pd.Index(network.layers, name="layer"))
page.figure(
    figures.bars_by_layer(by_layer, label="mean divergence (nats)", expected=expected),
    "smoothing",
    alt="Mean divergence by layer when words are dealt out at random, for three ways to treat empty bins.",
    data=by_layer,
)

# %% [markdown]
# In a corpus of this size a rare word leaves bins empty in every layer: it has fewer images than there are bins, or few
# more. In one of the paper's size, whole layers fill their bins and others do not: units of the fully connected layers
# are zero on most images. What happens then can be simulated without any image, from nothing but the two sizes: 200
# images with a word, 86,000 without, a unit whose bins are equally full against one that is zero on 95 % of all images,
# and no association at all.

# %% tags=["hide-input"]
rng, runs = np.random.default_rng(seed), 2000
shapes = {"dense unit": np.full(PAPER.bins, 1 / PAPER.bins), "95 % zeros": np.r_[0.95, np.full(PAPER.bins - 1, 0.05 / (PAPER.bins - 1))]}
drawn = {name: (rng.multinomial(200, p, runs), rng.multinomial(86_000, p, runs)) for name, p in shapes.items()}
simulated = pd.DataFrame({
    name: {way: statistics.symmetric_kl(*pair, smoothing=way).mean() for way in ways} for name, pair in drawn.items()
}).rename_axis("empty bins")
page.table(simulated, caption=f"Mean divergence (nats) without any association, {runs:,} simulated words")

# %% [markdown]
# If the second column is far above the first, a rare word finds its “prime units” among sparse units for no reason but
# their sparseness, and the tables and figures of the paper's section 5 inherit it.

# %% [markdown]
# Does it change what a reader would conclude? Below, for the true words: how many of a word's 100 prime units stay the
# same when *pooled* is replaced, how the words' order changes, and how often the best unit lies in a fully connected
# layer.

# %% tags=["hide-input"]
rows = {}
for way in ways:
    table = discovery.unit_divergence(responses, mentions, smoothing=way, **options)
    primes = [discovery.prime_units(scores, count=PAPER.prime_units) for scores in table.to_numpy()]
    reference = primes if way == "pooled" else reference
    overlap = np.mean([len(np.intersect1d(a, b)) for a, b in zip(primes, reference)])
    order = statistics.spearman(table.max("unit").to_numpy(), divergence.max("unit").to_numpy())
    deep = np.char.startswith(layers[table.argmax("unit")].astype(str), "fc").mean()
    rows[way] = {"shared prime units (of 100)": overlap, "order of words (Spearman)": order.value, "best unit in fc": deep}
page.table(pd.DataFrame(rows).T.rename_axis("empty bins"), caption="What the treatment of empty bins changes")

# %% [markdown]
# ## Sparse or dense?
#
# The paper remarks twice on sparseness: each neuron responds to few stimuli, and the fully connected layers fire only
# a handful of neurons, whereas the maximum over a convolutional map is nearly always positive.

# %% tags=["hide-input"]
active = (responses > responses.min("image")).to_numpy()
silent = statistics.bootstrap(np.median, 1 - active.mean(0), draws=1000, seed=seed, method="percentile")
fully = np.char.startswith(layers.astype(str), "fc")
gap = active[:, ~fully].mean(1) - active[:, fully].mean(1)
denser = statistics.bootstrap(np.mean, gap, draws=1000, seed=seed, method="percentile")
page.decide("sparse-responses", {"units": silent})
page.decide("conv-dense-fc-sparse", {"images": denser})
page.table(pd.DataFrame({"share of images with a response": active.mean(0)}).groupby(layers, sort=False).describe()
           .droplevel(0, axis=1)[["count", "mean", "25%", "50%", "75%"]].rename_axis("layer"), caption="How often units respond, by layer")

# %% [markdown]
# ## Paper beside here
#
# Section 4.1 prints no result, only an intuition; what it fixes is the number of units.

# %% tags=["hide-input"]
page.record("dimensions", responses.sizes["unit"], n=responses.sizes["unit"], note=f"all units of {network.title}")
page.beside()

# %% [markdown]
# And its claims, each with the test that decides it:

# %% tags=["hide-input"]
page.claims()

# %% [markdown]
# ## What could not be reproduced
#
# The histograms of the paper are not printed, nor is any divergence. Its training images and its copy of CaffeNet's
# activations are not public. Whether its authors treated empty bins by a small constant is a guess from common
# practice.
#
# :::{admonition} Exercise
# :class: exercise
# A unit that *falls silent* when the word is true has a divergence as large as one that wakes up. Find, for the word
# of this page, how many of its 100 prime units are silenced by it.
# :::
#
# :::{admonition} Solution
# :class: dropdown
# The area under the ROC curve tells the direction: below one half, images with the word excite the unit less. It comes
# from the same counts: `auc = half.scores(statistics.count_auc, words).sel(word=word)`, then
# `(auc[discovery.prime_units(divergence.sel(word=word).to_numpy(), count=100)] < 0.5).sum()`.
# :::
