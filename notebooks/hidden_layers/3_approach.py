# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 3 Approach
#
# **Question.** Which pictures, which vectors, and how does a picture get its class?
#
# **What the paper did** {cite}`baloian2021`. It gathered a hundred pictures of clothing for each of
# ten colours and for each of ten textures; took the outputs of five blocks of a ResNet-50; and
# averaged each map $f_c$ over its places, $v_c = \frac{1}{HW}\sum_{xy} f_c(x, y)$ (global average
# pooling), so that a block with $C$ channels gives a vector of $C$ numbers: 64, 256, 512, 1024
# and 2048. The class of a picture is that of most of its $k = 5$ nearest neighbours.

# %% tags=["parameters", "remove-cell"]
profile = "embedded"
corpus = "atelier-swatches"
textures_corpus = "atelier-swatches"
backbone = "caffenet-mini"
seed = 0
book = False

# %% tags=["hide-input"]
import pandas as pd

from neuroattr import backbone as networks
from neuroattr import explorer, figures, neighbours, papers, recorded, statistics
from neuroattr.book.chapter import Chapter

PAPER = papers.load("hidden_layers").constants
options = {"corpus": corpus, "backbone": backbone, "profile": profile, "book": book}
page = Chapter("hidden_layers/3_approach", **options)
network = networks.load(backbone)
labelled = recorded.colour_and_texture(network, colours=corpus, textures=textures_corpus, seed=seed)
page.uses(labelled, network)

# %% [markdown]
# How many pictures there are of each class:

# %% tags=["hide-input"]
counts = {one.attribute: pd.Series(one.labels).value_counts()[one.classes] for one in labelled}
sizes = pd.concat(counts, names=["attribute", "class"]).rename("images")
page.table(sizes, caption="Images of each class")

# %% [markdown]
# ## 3.1 Data
#
# The paper's choice of pictures is not public. On real data this book takes other pictures of the
# same classes: colours by the base colour that a shop's catalogue states, textures from a
# collection of web photos by texture, where sequin is missing and another texture stands in under
# its own name. On generated data, ten colours and ten textures are crossed, so each picture serves
# both studies, and every label is true by construction. What was found while choosing is counted:

# %% tags=["hide-input"]
reports = {name: source.corpus.report for name, source in labelled.sources.items()}
rows = []
for name, report in reports.items():
    for what, value in report.items():
        count = len(value) if isinstance(value, list | dict) else value
        rows.append((name, what, count))
if not rows:
    nothing = "none: the pictures are drawn" if labelled.generated else "none was looked for"
    rows.append((labelled.name, "faults", nothing))
table = pd.DataFrame(rows, columns=["corpus", "found", "count or what"])
page.table(table.set_index("corpus"), caption="Found while choosing")

# %% [markdown]
# Some of each colour. Is the colour that is named the first that you see? Where it is not, no
# method can be right always, and an accuracy of one would be a reason for suspicion.

# %% tags=["hide-input"]
drawn = labelled.colour.examples(6, seed=seed)
small = explorer.Thumbnails(labelled.colour.corpus, explorer.INCH)
page.figure(
    figures.image_grid(small.grid(drawn.values()), titles=list(drawn)),
    "colours",
    alt="Six pictures drawn at random from each of the ten colours.",
)

# %% [markdown]
# And of each texture, the paper's figures 1 and 2.

# %% tags=["hide-input"]
drawn = labelled.texture.examples(6, seed=seed)
small = explorer.Thumbnails(labelled.texture.corpus, explorer.INCH)
page.figure(
    figures.image_grid(small.grid(drawn.values()), titles=list(drawn)),
    "textures",
    alt="Six pictures drawn at random from each of the ten textures.",
)

# %% [markdown]
# How true are the labels? For the real pictures somebody has looked at contact sheets of every
# class and written down what was seen. The labels were left as they are: the paper does not say
# that it checked its own.

# %% tags=["hide-input"]
rows = []
for name, report in reports.items():
    for label, words in report.get("labels as seen", {}).items():
        rows.append((name, label, words))
if not rows and labelled.generated:
    rows.append((labelled.name, "all", "true by construction; a pattern shows a second colour"))
elif not rows:
    rows.append((labelled.name, "all", "nobody has looked"))
table = pd.DataFrame(rows, columns=["corpus", "class", "seen"])
page.table(table.set_index("corpus"), caption="Labels against pictures")

# %% [markdown]
# ## 3.2 Vectors
#
# The layers of the network at hand, the length of their vectors, and how much of the picture one
# place of the map can see, in pixels of the picture as the network gets it. Averaging forgets where
# something was and keeps how much of it there was; for a colour or an all-over pattern that is what
# one wants.

# %% tags=["hide-input"]
rows = {}
for layer in network.layers:
    field = network.receptive_fields[layer]
    rows[layer] = {
        "channels": network.widths[layer],
        "sees (pixels)": field.size,
        "step (pixels)": field.stride,
    }
caption = f"Layers of {network.title}, pictures of {network.preprocess.crop} pixels"
page.table(rows, index="layer", caption=caption)

# %% [markdown]
# The paper's "block 1" is its first convolution; whether before or after the pooling is not said,
# here it is the rectified convolution before it. Its network comes from Keras, where the stride of
# a block lies in another convolution than in PyTorch's version and pictures are prepared in another
# way. Where the network at hand is no ResNet, its own layers are shown, and none of them is called
# a block.
#
# ## 3.3 A picture gets its class, by hand
#
# One red picture, and its neighbours at the layer that the paper would take for colours (or, if the
# network has no such block, the one that tells colours apart best).

# %% tags=["hide-input"]
vote = neighbours.Vote(PAPER.neighbours)
folds = neighbours.Folds(PAPER.folds, 1, seed)
one = labelled.colour
layer = one.layer(PAPER.colour_block, vote, folds)
vectors = one.spaces[layer]
query = int(one.examples(1, seed=seed)["red"][0])
distances = statistics.pairwise(vectors[[query]], vectors, metric=vote.metric)
rows, near = statistics.smallest(distances, PAPER.neighbours + 1)
rows, near = rows[0][1:], near[0][1:]  # the first is the picture itself
by_hand = pd.DataFrame(
    {"label": one.labels[rows], "distance": near, "image": one.corpus.ids[rows]},
    index=range(1, len(rows) + 1),
)
caption = f"The five nearest neighbours of {one.corpus.ids[query]} at {layer}"
page.table(by_hand, index="neighbour", caption=caption)

# %% [markdown]
# Each neighbour has one vote; the class with most votes wins, and the class that comes first in the
# alphabet if two have as many. The library says the same:

# %% tags=["hide-input"]
others = [row for row in range(len(one)) if row != query]
said = neighbours.predicted(vectors[[query]], vectors[others], one.labels[others], vote)
counted = pd.Series(one.labels[rows]).value_counts()
votes = ", ".join(f"{name} {n}" for name, n in counted.items())
winner = f"{said.labels[0]}, with {said.shares[0]:.0%} of the votes"
page.say(f"Votes: {votes}. The library: {winner}.")

# %% [markdown]
# The pictures behind it:

# %% tags=["hide-input"]
small = explorer.Thumbnails(one.corpus, explorer.INCH)
pictures = small.grid([(query, *rows)])
told = f"A red picture and its five nearest neighbours at {layer}"
page.figure(
    figures.image_grid(pictures, captions=[["query", *one.labels[rows]]]),
    "by-hand",
    alt=f"{told}: {', '.join(one.labels[rows])}.",
)

# %% [markdown]
# ## Paper beside here

# %% tags=["hide-input"]
note = "; ".join(f"{one.attribute}: {len(one):,} of {one.corpus.name}" for one in labelled)
note = f"mean over classes; {note}"
page.record("images_a_class", sizes.mean(), n=int(sizes.sum()), note=note)
page.record("texture_count", len(labelled.texture.classes), n=len(labelled.texture))
if labelled.has_layers(PAPER.blocks):
    for place, layer in enumerate(PAPER.blocks, start=1):
        page.record(f"block_widths.{place}", network.widths[layer], n=network.widths[layer])
else:
    for layer in labelled.layers:
        width = network.widths[layer]
        title = f"Channels of {layer} of {network.title}"
        page.record(f"width.{layer}", width, n=width, title=title, unit="units")
page.comparison()

# %% [markdown]
# That this scales to new attributes is a claim of this section (3.3); it is tested in [section
# 5](5_conclusion).

# %% tags=["hide-input"]
page.claims(["scalable"])

# %% [markdown]
# ## What could not be reproduced
#
# The pictures; the Keras weights; whether the colour of a garment with two colours counts as the
# larger one.
#
# :::{admonition} Exercise
# :class: exercise
# *Discovery* takes the maximum of a map where this paper takes its mean. What would you expect to
# change for colours, and what for a logo on the chest?
# :::
#
# :::{admonition} Solution
# :class: dropdown
# The mean tells how much of the picture has a colour, the maximum only that it is somewhere: for
# colours and all-over patterns the mean should be better, for small parts the maximum.
# `activations.record(network, pictures)` without `pooling="mean"` gives the maxima;
# `neighbours.cross_validated` on its `neighbours.spaces` gives the accuracies.
# :::
