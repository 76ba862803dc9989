# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 2 Related work
#
# **Question.** The paper builds on the observation that neurons of shallow layers are selective for
# colour, and those of deeper ones for more complex features (its section 2.2). Is that so for
# single units of the network at hand?
#
# **What the paper did** {cite}`baloian2021`. It names three strands: learning attributes with
# supervision, which costs labels; dissecting trained networks to see what their neurons respond to;
# and networks with a branch for every attribute of fashion items, which have to be trained anew for
# each. It takes from the second what the first and third need labels for.

# %% tags=["parameters", "remove-cell"]
profile = "embedded"
corpus = "atelier-swatches"
textures_corpus = "atelier-swatches"
backbone = "caffenet-mini"
seed = 0
book = False

# %% tags=["hide-input"]
import numpy as np
import pandas as pd

from neuroattr import backbone as networks
from neuroattr import figures, recorded, statistics
from neuroattr.book.chapter import Chapter

options = {"corpus": corpus, "backbone": backbone, "profile": profile, "book": book}
page = Chapter("hidden_layers/2_related_work", **options)
network = networks.load(backbone)
labelled = recorded.colour_and_texture(network, colours=corpus, textures=textures_corpus, seed=seed)
page.uses(labelled, network)

# %% [markdown]
# ## Does a unit know colour, or texture?
#
# The mean of a unit's map over a picture is one number. How much of its variance over pictures lies
# between the ten colours, and how much between the ten textures? For unit $i$ with class means
# $\bar a_{ic}$ and $n_c$ pictures a class, the share is
#
# $$\eta_i^2 = \frac{\sum_c n_c\,(\bar a_{ic} - \bar a_i)^2}{\sum_n (a_{in} - \bar a_i)^2} .$$
#
# Labels without meaning would get the dashed line.

# %% tags=["hide-input"]
shares = {}
means = pd.DataFrame(index=pd.Index(labelled.layers, name="layer"))
largest = means.copy()
for one in labelled:
    for layer, values in one.spaces.items():
        units = recorded.correlation_ratio(values, one.labels)
        shares[layer, one.attribute] = units
        means.loc[layer, one.attribute] = float(np.nanmean(units))
        largest.loc[layer, one.attribute] = float(np.nanmax(units))

# %% [markdown]
# The mean over the units of each layer, beside what labels without meaning would get:

# %% tags=["hide-input"]
chance = (len(labelled.texture.classes) - 1) / (len(labelled.texture) - 1)
page.figure(
    figures.bars_by_layer(
        means, label="variance between classes", expected=chance, chance="chance"
    ),
    "selectivity",
    alt=(
        "Mean share of the units' variance that lies between colours and between textures, by "
        "layer."
    ),
    data=means,
)

# %% [markdown]
# Single units are one thing, all of a layer together another: a layer may know an attribute through
# many units of which each says little. That is what [section 4.2](4_2_quantitative) measures. The
# units that say most, by layer:

# %% tags=["hide-input"]
caption = "Largest share of variance that lies between the classes, over the units of a layer"
page.table(largest, caption=caption)

# %% [markdown]
# ## Paper beside here
#
# The section prints no number. Ours: how much less colour explains of a unit of the last layer than
# of one of the first, with an interval over the units of both.

# %% tags=["hide-input"]
options = {"draws": 1000, "seed": seed, "method": "percentile"}
for one in labelled:
    for layer in (labelled.layers[0], labelled.layers[-1]):
        units = shares[layer, one.attribute]
        found = statistics.bootstrap(np.mean, units[~np.isnan(units)], **options)
        varying = f"Variance of a unit of {layer} that lies between classes of {one.attribute}"
        title = f"{varying}, {network.title}"
        id = f"selectivity.{layer}.{one.attribute}"
        page.record(id, found, title=title, note="n counts units")
page.comparison()

# %% [markdown]
# The claim that follows from it is decided in [section 4.2](4_2_quantitative), by whole layers:

# %% tags=["hide-input"]
page.claims(["low-level-first"])

# %% [markdown]
# :::{admonition} Exercise
# :class: exercise
# A unit can be selective for colour and texture at once. Does it happen more often than one would
# expect from the two shares alone? Only pictures that are labelled in both can answer that.
# :::
#
# :::{admonition} Solution
# :class: dropdown
# On the generated swatches both labels are known: correlate the two arrays of shares over the units
# of a layer, `statistics.spearman(shares["conv3", "colour"], shares["conv3", "texture"])`. Two
# shares of one variance cannot sum to more than one, so among very selective units the correlation
# must be negative.
# :::
