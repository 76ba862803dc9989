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
# $$S_i(u\mid D) = D_{KL}(P^+_i\,\|\,P^-_i) + D_{KL}(P^-_i\,\|\,P^+_i)
#   = \sum_x \bigl(P^+_i(x) - P^-_i(x)\bigr)\,\log\frac{P^+_i(x)}{P^-_i(x)} .$$
#
# The units with the largest $S_i$ are the **prime units** of the word. The paper prints neither the number of bins
# nor what to do with empty ones; both matter, and the second one decides conclusions. This page shows how.

# %% tags=["parameters", "remove-cell"]
profile = "embedded"
corpus = "atelier-shop"
backbone = "caffenet-mini"
seed = 0
book = False
word = "striped"  # the word that is worked through
rarest = 20  # words with fewer training images than this are left out

# %% tags=["hide-input"]
from functools import partial

import numpy as np
import pandas as pd

from neuroattr import activations, backbone as networks, discovery, figures, papers, statistics
from neuroattr.chapter import Chapter
from neuroattr.corpus import load

PAPER = papers.load("discovery").constants
page = Chapter("discovery/04_1_divergence", corpus=corpus, backbone=backbone, profile=profile, book=book)

# %% [markdown]
# ## Images, words, activations
#
# Everything on this page is measured on the training half of the corpus, as in the paper's classifiers; the test and
# validation quarters stay untouched for the chapters that need them. Convolutional channels are reduced to their
# spatial maximum, so each image is one row of numbers, one number a unit.

# %% tags=["hide-input"]
listings = load(corpus, seed=seed)
network = networks.load(backbone)
page.uses(listings, network)
train = listings.part("train")
responses = activations.record(network, listings).sel(image=train.ids).load()
responses

# %% [markdown]
# Words that hardly any training image has are left out: a histogram of a handful of images is mostly noise, however it
# is smoothed. The rest are the candidate words of this page.

# %% tags=["hide-input"]
counts = train.frequency
words = [name for name in train.words if rarest <= counts[name] <= len(train) - rarest]
mentions = train.mentions[:, [train.words.index(name) for name in words]]
layers = responses.layer.to_numpy()
pd.Series({"images": len(train), "words": len(words), "units": responses.sizes["unit"], "left out as too rare": len(train.words) - len(words)})

# %% [markdown]
# ## One word, by hand
#
# First the divergence of every word and unit, in one pass over the activations. The activations of a unit are cut into
# bins at quantiles of all images, and exact zero has a bin of its own, because rectified units are zero most of the
# time. Counting is all that is done to the data; the negatives need no second pass, they are the total minus the
# positives.

# %% tags=["hide-input"]
settings = {"bins": PAPER.bins, "words": words}
divergence = discovery.unit_divergence(responses, mentions, smoothing=PAPER.smoothing, **settings)
best = discovery.prime_units(divergence.sel(word=word).to_numpy(), count=4)
names = [f"{layers[unit]} · {responses.channel.to_numpy()[unit]}" for unit in best]
said = train.mention(word)
values = responses.to_numpy()[:, best]
codes, edges = statistics.unit_codes(values, bins=PAPER.bins)
total = statistics.unit_counts(codes, bins=PAPER.bins)
plus = statistics.word_counts(codes, said[:, None], bins=PAPER.bins)[0]
minus = total - plus

# %% [markdown]
# Each panel is one of the word's four prime units. Where the solid outline ($P^+$) leaves the dashed one ($P^-$), the
# unit says something about the word.

# %% tags=["hide-input"]
page.figure(
    figures.histograms(plus, minus, word=word, titles=names),
    "histograms",
    alt=f"Histograms of the four prime units of {word}: on images with the word the mass lies in other bins than without.",
    data=pd.DataFrame(plus.T, columns=names).rename_axis("bin"),
)

# %% [markdown]
# The divergence is a sum over these bins. For the first prime unit the terms are few enough to look at: below are its
# six largest, before smoothing. The bins in which the two histograms differ most make nearly all of the sum.

# %% tags=["hide-input"]
terms = pd.DataFrame({"images with": plus[0], "images without": minus[0]}).rename_axis("bin")
terms = terms[(terms > 0).all(axis=1)]
terms["P⁺"], terms["P⁻"] = terms["images with"] / plus[0].sum(), terms["images without"] / minus[0].sum()
terms["term (nats)"] = (terms["P⁺"] - terms["P⁻"]) * np.log(terms["P⁺"] / terms["P⁻"])
largest = terms.sort_values("term (nats)", ascending=False)
page.table(largest.head(6), caption=f"Largest terms of the divergence of {names[0]} for “{word}”")

# %% [markdown]
# Their sum over all bins that both sides fill stands beside the value that the library computed, which is smoothed
# towards the pooled histogram and therefore a little smaller.

# %% tags=["hide-input"]
pd.Series({
    "sum of the terms (nats)": round(float(terms["term (nats)"].sum()), 4),
    "S, smoothed (nats)": round(float(divergence.sel(word=word)[best[0]]), 4),
})

# %% [markdown]
# ## What do the prime units look at?
#
# The images on which each prime unit responds most, out of all images, whether they have the word or not. If the unit
# sees what the word means, most of these pictures show it, also those whose text forgot to say so. A unit may also
# mark a word by *falling silent*; its row then shows what the word is not.

# %% tags=["hide-input"]
strongest = np.argsort(-values, axis=0, kind="stable")[:6].T
pictures = [[train.image(int(image)) for image in images] for images in strongest]
page.figure(
    figures.prime_units(plus, minus, pictures, word=word, titles=names),
    "prime-units",
    alt=f"For each of four prime units of {word}: its two histograms and the six images with the largest response.",
)

# %% [markdown]
# Among those strongest images, how many say the word? The comparison is the word's share among all images. How many of
# the others merely forgot the word is a question for section 4.4.

# %% tags=["hide-input"]
share = statistics.proportion(int(said[strongest].sum()), strongest.size)
pd.Series({"share among the strongest images": str(share), "share among all images": f"{said.mean():.3f}"})

# %% [markdown]
# Along the depth of the network the word has its own profile. The diamond is the best unit of each layer; the dashed
# line is what a unit without any association to the word would get on average, since the divergence of two samples is
# never zero: about $(B-1)(1/n_+ + 1/n_-)$ for $B$ bins, $n_+$ images with the word and $n_-$ without.

# %% tags=["hide-input"]
n_plus = int(counts[word])
chance = float(statistics.null_divergence(n_plus, len(train) - n_plus, bins=PAPER.bins))
page.figure(
    figures.divergence_by_layer(divergence.sel(word=word), layers, word=word, expected=chance),
    "by-layer",
    alt=f"Divergence of the units of each layer for {word}; the best unit of each layer lies above what chance gives.",
    data=divergence.sel(word=word),
)

# %% [markdown]
# ## All words
#
# A rare word gets a large divergence from noise alone. So words are compared after the noise that their number of
# images lets one expect has been taken off; the expectation is computed from the same counts. The table shows both
# ends of the list.

# %% tags=["hide-input"]
smoothed = {"smoothing": PAPER.smoothing}
noise_free = discovery.unit_scores(responses, mentions, partial(statistics.corrected_divergence, **smoothed), **settings)
strength = pd.DataFrame({
    "images with the word": counts[words].to_numpy(),
    "largest divergence": divergence.max("unit"),
    "corrected": noise_free.max("unit"),
    "layer of the best unit": layers[noise_free.argmax("unit")],
}, index=pd.Index(words, name="word")).sort_values("corrected", ascending=False)
page.table(pd.concat([strength.head(15), strength.tail(15)]), caption="Words of largest and of smallest corrected divergence (nats)")
