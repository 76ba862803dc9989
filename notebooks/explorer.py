# %% [markdown]
# # Words and layers
#
# Choose a word and a layer of the network. You see how far the units of each layer diverge between images with the
# word and images without it; below, the three units of the chosen layer that diverge most, their histograms on both
# sides, and the images that excite them most.
#
# Things to look for: colours that the first layers tell already; patterns that need the middle; words such as *new*
# whose best units show nothing at all; and words that are no attribute of the picture but follow the kind of product,
# and therefore have strong units all the same.

# %% tags=["parameters", "remove-cell"]
profile = "embedded"
corpus = "atelier-shop"
backbone = "caffenet-mini"
seed = 0
book = False
most = 42  # words in the explorer: the most frequent ones
rarest = 20  # words with fewer training images than this are left out

# %% tags=["hide-input"]
from neuroattr import activations, backbone as networks, figures, papers
from neuroattr.atlas import Atlas
from neuroattr.chapter import Chapter
from neuroattr.corpus import load

PAPER = papers.load("discovery").constants
page = Chapter("explorer", corpus=corpus, backbone=backbone, profile=profile, book=book, paper="discovery")
listings = load(corpus, seed=seed)
network = networks.load(backbone)
page.uses(listings, network)
train = listings.part("train")
responses = activations.record(network, listings).sel(image=train.ids).load()

# %% [markdown]
# The words are the most frequent ones of the corpus, in alphabetical order; the one that diverges most is shown first,
# at its best layer. Arrow keys and the first letters of a word work in the list.

# %% tags=["hide-input"]
frequent = [word for word, images in train.frequency.items() if rarest <= images <= len(train) - rarest]
words = sorted(frequent[:most])
atlas = Atlas(train, responses, words, bins=PAPER.bins, smoothing=PAPER.smoothing)
best = atlas.divergence.where(atlas.divergence == atlas.divergence.max(), drop=True)
page.explorer(
    words,
    network.layers,
    lambda word, layer: figures.word_layer(**atlas.leaf(word, layer)),
    alt=atlas.description,
    word=str(best.word.to_numpy()[0]),
    layer=str(best.layer.to_numpy()[0]),
)

# %% [markdown]
# How to read it: [section 4.1](discovery/04_1_divergence) works through one word step by step.
