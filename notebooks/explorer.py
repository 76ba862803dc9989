# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Words, layers and units
#
# Choose a word, a layer of the network, and how many units to accumulate: how far units diverge
# between images with the word and images without it, which images excite them, where in a picture
# they look, and which images the word's classifier believes most and least.

# %% tags=["parameters", "remove-cell"]
profile = "embedded"
corpus = "atelier-shop"
backbone = "caffenet-mini"
seed = 0
book = False
most = 42  # words in the explorer: the most frequent ones
rarest = 20  # words with fewer training images than this are left out
each = 2  # pictures of a word with saliency maps
candidates = 24  # they are chosen among so many that its classifier believes most
sizes = [24, 48]  # sides of the occluders, pixels of a picture of 256
stride = 16  # step of the occluders, the same pixels; the paper takes 4
averaged = 400  # images whose mean hides the parts

# %% tags=["hide-input"]
from neuroattr import backbone as networks
from neuroattr import discovery, explorer, occlusion, papers, recorded
from neuroattr.book.chapter import Chapter
from neuroattr.saliency import Occlusion
from neuroattr.widgets import Control, Panel

PAPER = papers.load("discovery").constants
page = Chapter(
    "explorer", corpus=corpus, backbone=backbone, profile=profile, book=book, paper="discovery"
)
network = networks.load(backbone)
market = recorded.load(corpus, network, seed=seed)
listings = market.corpus
page.uses(listings, network)

# %% [markdown]
# The words are the most frequent ones. Divergence and prime units are measured on training images;
# each word's classifier is the *resample* of [section 4.2](discovery/04_2_visualness), and the
# images that it ranks are test images.

# %% tags=["hide-input"]
train, test, validation = (listings.part(name) for name in ("train", "test", "validation"))
rarer_side = train.frequency.clip(upper=len(train) - train.frequency)
enough = rarer_side >= rarest
for part in (test, validation):
    enough &= part.frequency.between(1, len(part) - 1)
words = sorted(enough.index[enough][:most])

# %% [markdown]
# Divergence of every unit for each of them, and what their classifiers make of the test images:

# %% tags=["hide-input"]
half = market.part("train")
table = half.divergence(words)
protocol = discovery.Protocol(draws=1)
seen = explorer.predictions(market, words, variant="resample", protocol=protocol, seed=seed)
page.say(f"{len(words)} words, {table.sizes['unit']} units, {len(test)} test images")

# %% [markdown]
# Saliency maps as in [section 6](discovery/06_saliency), with a coarser step. Few test pictures
# serve all words, and each passes through the network once.

# %% tags=["hide-input"]
believed = {word: explorer.best_with(one, count=candidates) for word, one in seen.items()}
chosen = explorer.chosen_pictures(believed, each=each)
settings = Occlusion(sizes, stride).scaled(network.preprocess.crop / PAPER.input_side)
mean = occlusion.mean_picture(network, train, count=averaged, seed=seed)
divergence = dict(zip(words, table.to_numpy(), strict=True))
places = explorer.salient_places(
    network, test, chosen, divergence, settings, counts=PAPER.accumulation, mean=mean
)

# %% [markdown]
# ## Choose
#
# Tab leads from one choice to the next; arrow keys change it, and the first letters of a word find
# it in the list. The address of this page follows your choice, so it can be kept or sent to
# someone.

# %% tags=["hide-input"]
pictures = explorer.Pictures(listings, page.files.put)
panels = explorer.WordPanels(half, words, pictures, seen, places, seed)
best = table[table.argmax(...)]
controls = [
    Control("word", words, str(best["word"].values)),
    Control("layer", network.layers, str(best["layer"].values)),
    Control("k", [str(k) for k in PAPER.accumulation], "8", label="Units K"),
]

# %% [markdown]
# The word, layer and number of units that are shown first are those of the largest divergence of
# all, and eight units.

# %% tags=["hide-input"]
diverging = explorer.heading("How far do units diverge?", "bars")
prime = explorer.heading("Prime units of the layer", "units")
looking = explorer.heading("Where do the K prime units look?", "places")
expected = explorer.heading("What does the word’s classifier expect?", "ends")
page.explorer(
    controls,
    [
        Panel(["word"], panels.by_layer, diverging),
        Panel(["layer", "word"], panels.prime_units, prime),
        Panel(["k", "word"], panels.salient, looking),
        Panel(["word"], panels.predicted, expected),
    ],
)

# %% [markdown]
# ## How to read it
#
# **Bars.** The symmetric divergence of the best unit of a layer, in nats, on one scale for all
# words. The line is a 95 % interval: the bin counts of the two histograms drawn again 200 times.
# The ground ends where the best of as many independent units stays below, in 95 of 100 layers, if
# the word is associated with nothing. That the best unit is the best of many is in the ground, not
# in the interval. [Section 4.1](discovery/04_1_divergence) works through one word.
#
# **Maps.** A part of the picture is hidden by the mean picture; what that does to each unit is
# smoothed, turned over where the response dips, and accumulated in the order of the units'
# divergence, over all layers. Colours span the range of each map. [Section
# 6](discovery/06_saliency) measures how well the maps find what is marked.
#
# **Things to look for.** Do the first layers tell colours already? Do patterns need the middle? Is
# there a word whose best units do no better than chance, *new* for one? Are there words that are no
# attribute of the picture but follow the kind of product, and have strong units all the same; and
# images predicted most whose text has forgotten the word?
