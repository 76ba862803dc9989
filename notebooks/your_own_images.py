# %% [markdown]
# # Your own images
#
# **What you need.** A table with one row a picture: where its file is, and a text that somebody wrote about it. A
# title, a description, tags, a caption: anything. No labels.
#
# **What you get.** The words of those texts that a network can see in the pictures, in order, and the units that see
# them.
#
# The data below are a small part of this book's corpus, written to a folder and a CSV file first, so that the page
# starts from what you would have: files. Put the path of your own table into `table` and go on from there.

# %% tags=["parameters", "remove-cell"]
profile = "embedded"
corpus = "atelier-shop"
backbone = "caffenet-mini"
seed = 0
book = False
table = ""  # path of your own CSV or parquet file; empty: an example is written
rarest = 15  # words with fewer images than this are left out

# %% tags=["hide-input"]
from pathlib import Path
from tempfile import mkdtemp

import pandas as pd

from neuroattr import activations, backbone as networks, corpus as corpora, figures, papers
from neuroattr.atlas import Atlas
from neuroattr.chapter import Chapter

PAPER = papers.load("discovery").constants
page = Chapter("your_own_images", corpus=corpus, backbone=backbone, profile=profile, book=book, paper="discovery")

# %% [markdown]
# ## The example: a folder of photos and a table
#
# Not needed with your own data: this cell copies 800 pictures to a new folder and writes their texts into a table.

# %% tags=["hide-input"]
folder = Path(mkdtemp())
some = corpora.load(corpus, seed=seed).subset(range(800))
for id in some.ids:
    some.image(id).save(folder / f"{id}.jpg")
texts = some.table[["title", "description"]].assign(photo=[f"{id}.jpg" for id in some.ids])
texts.to_csv(folder / "table.csv")
table = table or str(folder / "table.csv")
texts.head(3)

# %% [markdown]
# ## Five lines
#
# The table becomes a corpus: pictures are opened once to see that they are whole, the adjectives of the texts become
# candidate words, and what was wrong is counted, not hidden.

# %%
mine = corpora.Corpus.from_table(table, image_column="photo", text_columns=["title", "description"], n_words=120)
network = networks.load(backbone)
responses = activations.record(network, mine)
words = [word for word, images in mine.frequency.items() if rarest <= images <= len(mine) - rarest]
atlas = Atlas(mine, responses.load(), words, bins=PAPER.bins, smoothing=PAPER.smoothing)

# %% [markdown]
# What came in, and what was wrong with it:

# %% tags=["hide-input"]
page.uses(mine, network)
page.table(mine.summary(), caption="The corpus, and its faults")

# %% [markdown]
# ## Which words can the network see?
#
# The largest divergence of each word over all units, less what a word with so few images gets by chance. Words at the
# top are visible; words around zero are not, or nobody uses them for what is in the picture.

# %% tags=["hide-input"]
visible = pd.Series({word: float(atlas.divergence.sel(word=word).max()) - atlas.chance(word) for word in words})
visible = visible.sort_values(ascending=False)
page.figure(
    figures.ranking(visible.head(30).to_numpy(), list(visible.head(30).index), label="divergence above chance (nats)"),
    "visible-words",
    alt=f"The thirty words of largest divergence; {visible.index[0]} is first.",
    data=visible.rename("divergence above chance").rename_axis("word"),
)

# %% [markdown]
# The units that see the first of these words, and what else excites them:

# %% tags=["hide-input"]
view = atlas.view(visible.index[0], count=4)
page.figure(
    figures.prime_units(view.positive, view.negative, atlas.pictures(view), word=view.word, titles=view.titles),
    "prime-units",
    alt=f"Histograms of the four prime units of {view.word}, and the images that excite them most.",
)

# %% [markdown]
# :::{admonition} From here
# :class: tip
# `mine.contrast(word, seed=0, match=("category",))` draws images with and without a word that are alike in category,
# if your table has one; `networks.load("resnet50")` looks with another network; [section 4.1](discovery/04_1_divergence)
# explains the numbers. A folder with a text file beside each picture works too: `Corpus.from_folder(path)`.
# :::
