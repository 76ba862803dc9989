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
# **Question.** New words for what things look like appear every day, and nobody labels pictures for
# them. How can a machine find out which words of a language are *visual attributes*, learn to see
# them, and tell where in a picture they are, from nothing but pictures and the texts that happen to
# stand beside them?
#
# **What the paper does** {cite}`vittayakorn2016`. It takes a network that was trained for something
# else, and looks at its neurons. If a word means something visible, then some neurons behave
# differently on images whose text has the word than on images whose text does not. The difference
# is measured by the divergence of two histograms, and the neurons in which it is largest are called
# the *prime units* of the word. They serve for three things: a classifier for the word
# ([section 4](04_1_divergence)), the depth of the network at which the word lives, and the place in
# the image that it refers to.
#
# This page draws the paper's figure 1 for one word, with values that were computed for this page.

# %% tags=["parameters", "remove-cell"]
profile = "embedded"
corpus = "atelier-shop"
backbone = "caffenet-mini"
seed = 0
book = False
word = "floral"  # the word whose way is drawn

# %% tags=["hide-input"]
from neuroattr import backbone as networks
from neuroattr import explorer, figures, recorded
from neuroattr.book.chapter import Chapter

page = Chapter(
    "discovery/01_introduction", corpus=corpus, backbone=backbone, profile=profile, book=book
)
market = recorded.load(corpus, networks.load(backbone), seed=seed)
page.uses(market.corpus, market.network)

# %% [markdown]
# ## From pictures and texts to prime units
#
# Four stages. **1** Products as somebody offered them: a picture and a text that was written to
# sell, not to describe. **2** One word splits them in two; both halves contain mistakes. **3** Each
# unit of the network has a histogram of its strongest responses on either half, and a divergence
# between the two. **4** The prime units tell at which depth the word lives and what it looks like.

# %% tags=["hide-input"]
half = market.part("train")
train = half.corpus
divergence = half.divergence([word]).sel(word=word).to_numpy()
view = explorer.view(half, word, count=1, across=9)
sides = train.contrast(word, seed=seed)
n_with = int(train.mention(word).sum())

# %% [markdown]
# Three listings with a text that is long enough to show something are drawn in the first stage, and
# in the second the pictures of the two halves, sixteen for each, drawn at random.

# %% tags=["hide-input"]
small = explorer.Thumbnails(train)
descriptions = train.table["description"]
texts = train.table["title"] + ". " + descriptions
long_enough = [row for row in sides.positives if len(descriptions.iloc[row]) > 40]
listings = [(small.thumbnail(row), texts.iloc[row]) for row in long_enough[:3]]
positives, negatives = small.grid([sides.positives[:16], sides.negatives[:16]])
(strongest,) = small.grid(view.strongest)

# %% [markdown]
# What there is to see of the four stages:

# %% tags=["hide-input"]
stages = figures.Stages(
    word=word,
    listings=listings,
    positives=positives,
    negatives=negatives,
    sizes=(n_with, len(train) - n_with),
    positive=view.positive[0],
    negative=view.negative[0],
    unit=view.titles[0],
    scores=divergence,
    layers=half.unit_layers,
    strongest=strongest,
)

# %% [markdown]
# As a figure:

# %% tags=["hide-input"]
page.figure(
    figures.framework(stages),
    "framework",
    alt=f"Four stages: listings with texts; images with and without {word}; histograms of the "
    "unit that diverges most and the divergence of all units; best divergence by layer and the "
    "images that excite the best unit.",
    caption=f"The paper's figure 1, drawn for “{word}” from the values of this page.",
)

# %% [markdown]
# ## What the paper says it contributes, and where this book tests it
#
# | contribution | tested in |
# | --- | --- |
# | The divergence of activations describes visual concepts in noisy data | [4.1](04_1_divergence) |
# | Classifiers are learned from prime units | [4.2](04_2_visualness) |
# | These classifiers come close to human perception | [4.3](04_3_human_perception) |
# | The depth of activations relates to human perception | [5](05_perceptual_depth) |
# | Prime units detect the salient region | [6](06_saliency) |
# | Two noisy datasets from the Web | [3](03_datasets), on stand-ins: the paper's are not public |
#
# Two questions are this book's own. Does a word's divergence speak of *looks*, or of what kind of
# thing is sold under that word? [Section 4.1](04_1_divergence) sets each word against images that
# are alike in category and shop, and leaves out what a shop says of all its products. And is a
# divergence needed at all? [Section 2](02_related_work) asks the simplest other score. The
# [scoreboard](../scoreboard) lists every printed number and claim, tested or not.
#
# ## Paper beside here
#
# How much there was to learn from in the paper; the counts of this page's corpus stand in
# [section 3](03_datasets). The divergence of the word that was drawn is ours alone, the paper
# prints none.

# %% tags=["hide-input"]
largest = float(divergence.max())
title = f"Largest divergence of “{word}” (nats)"
chance = f"chance gives {half.chance(word):.2f} on average to a unit"
note = f"{chance}, more to the largest of {len(divergence):,}"
page.record("drawn_divergence", largest, n=len(train), title=title, note=note)
page.comparison(["etsy_products", "candidate_words", "prime_units", "drawn_divergence"])

# %% [markdown]
# The claim behind it all, as the pages that follow decide it; this page decides nothing.

# %% tags=["hide-input"]
page.claims(["units-without-supervision", "divergence-separates"])

# %% [markdown]
# :::{admonition} Exercise
# :class: exercise
# Draw the figure for a word that is *not* visual, such as *new*, by running this page again with
# another parameter: `neuroattr run discovery/01 -p word=new`. Which of its four stages give the
# word away?
# :::
#
# :::{admonition} Solution
# :class: dropdown
# The second hardly does: any sixteen pictures differ from any other sixteen. The third does: the
# curve of divergences is flat and low, it has no head. In the fourth no layer stands out, and the
# pictures that excite the “best” unit have nothing to do with the word.
# :::
