# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 1 Introduction
#
# **Question.** A shop wants to search its pictures by colour and by texture. Does it have to train
# a network for that, and again for every attribute that is added, or does a network that was
# trained to name objects know both already?
#
# **What the paper did** {cite}`baloian2021`. It took a ResNet-50 trained on ImageNet, averaged the
# maps of each of its five blocks into one vector a picture, and gave a picture the class that most
# of its five nearest neighbours have. Nothing is trained. Which *block* the vectors come from
# decides what "near" means: the paper's answer is block two for colours, block four for textures.

# %% tags=["parameters", "remove-cell"]
profile = "embedded"
corpus = "atelier-swatches"
textures_corpus = "atelier-swatches"
backbone = "caffenet-mini"
seed = 0
book = False
shown = "striped"  # the texture of the picture whose neighbours are shown

# %% tags=["hide-input"]
import numpy as np
import pandas as pd

from neuroattr import backbone as networks
from neuroattr import explorer, figures, neighbours, papers, recorded, statistics
from neuroattr.book.chapter import Chapter

PAPER = papers.load("hidden_layers").constants
options = {"corpus": corpus, "backbone": backbone, "profile": profile, "book": book}
page = Chapter("hidden_layers/1_introduction", **options)

# %% [markdown]
# The pictures of both studies, and the network that they go through:

# %% tags=["hide-input"]
network = networks.load(backbone)
labelled = recorded.colour_and_texture(network, colours=corpus, textures=textures_corpus, seed=seed)
page.uses(labelled, network)
told = []
for one in labelled:
    images = f"{len(one):,} images of {one.corpus.name}"
    told.append(f"{one.attribute}: {images} in {len(one.classes)} classes")
page.say("; ".join(told))

# %% [markdown]
# ## One picture, and what is near it
#
# Below, the first picture of each row is the same. The others are its five nearest neighbours among
# all pictures of the texture set, measured with the vectors of the layer that is named on the left.
# Read from top to bottom and look for what they have in common: the colours first, then the
# pattern, and at the end the kind of thing?

# %% tags=["hide-input"]
one = labelled.texture
query = int(one.examples(1, seed=seed)[shown][0])
found = {}
for layer, values in one.spaces.items():
    distances = statistics.pairwise(values[[query]], values, metric="euclidean")
    rows, _ = statistics.smallest(distances, PAPER.neighbours + 1)
    found[layer] = rows[0][1:]  # without the picture itself

# %% [markdown]
# These rows of pictures:

# %% tags=["hide-input"]
small = explorer.Thumbnails(one.corpus, explorer.INCH)
pictures = small.grid([(query, *rows) for rows in found.values()])
captions = [[shown, *one.labels[rows]] for rows in found.values()]
told = f"A picture of texture {shown} and its five nearest neighbours"
page.figure(
    figures.image_grid(pictures, titles=list(found), captions=captions),
    "neighbours",
    alt=f"{told} at each layer of {network.title}.",
)

# %% [markdown]
# Is that the rule? The share of a picture's five neighbours that have its own class, over all
# pictures. A layer that knew nothing would get the dashed line.

# %% tags=["hide-input"]
shares = pd.DataFrame(index=pd.Index(labelled.layers, name="layer"))
by_chance = []
for one in labelled:
    for layer, values in one.spaces.items():
        distances = statistics.pairwise(values, values, metric="euclidean")
        np.fill_diagonal(distances, np.inf)
        rows = neighbours.ranked(distances, count=PAPER.neighbours)
        same = one.labels[rows] == one.labels[:, None]
        shares.loc[layer, one.attribute] = same.mean()
    of_classes = pd.Series(one.labels).value_counts(normalize=True)
    by_chance.append((of_classes**2).sum())
chance = np.mean(by_chance)

# %% [markdown]
# As bars:

# %% tags=["hide-input"]
page.figure(
    figures.bars_by_layer(
        shares, label="neighbours of the same class", expected=chance, chance="chance"
    ),
    "same-class",
    alt=(
        "Share of the five nearest neighbours that have the picture's own colour and its own "
        "texture, by layer."
    ),
    data=shares,
)

# %% [markdown]
# ## What the paper claims, and where this book tests it
#
# | claim | tested in |
# | --- | --- |
# | Block two knows colours best, block four textures, both above 93 % | [4.2](4_2_quantitative) |
# | The vectors form local structures, which can be seen | [4.3](4_3_qualitative) |
# | Eight dimensions are enough | [4.4](4_4_reduced) |
# | Colour and texture together retrieve pictures that keep both | [4.5](4_5_retrieval) |
# | A new attribute needs examples, no training: the method is *scalable* | [5](5_conclusion) |
#
# The pictures that the paper used were never published. Its numbers can therefore not be met, only
# its order of blocks: whether colour is known earlier than texture is a question to any network and
# any pictures.
#
# ## Paper beside here
#
# The numbers that its introduction and its abstract give; the pages that follow measure them.

# %% tags=["hide-input"]
for layer in (labelled.layers[0], labelled.layers[-1]):
    for one in labelled:
        what = f"Share of the five neighbours of the same {one.attribute}"
        page.record(
            f"same_class.{layer}.{one.attribute}",
            float(shares.loc[layer, one.attribute]),
            n=len(one),
            title=f"{what}, {layer} of {network.title}",
        )
page.comparison()

# %% [markdown]
# And its claims, as the later pages decide them; this page decides nothing.

# %% tags=["hide-input"]
page.claims(["block2-colours", "block4-textures", "above-93", "eight-dimensions", "scalable"])

# %% [markdown]
# :::{admonition} Exercise
# :class: exercise
# Look at the neighbours of a picture of another texture:
# `neuroattr run hidden_layers/1 -p shown=leopard`. At which layer does the first neighbour of
# another colour but of the same texture appear?
# :::
#
# :::{admonition} Solution
# :class: dropdown
# It differs from picture to picture, which is why the bars above count all of them. A layer where
# the bar of texture is high and that of colour low is one where such neighbours are the rule.
# :::
