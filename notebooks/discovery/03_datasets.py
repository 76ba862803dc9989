# %% [markdown]
# # 3 Datasets and pre-processing
#
# **Question.** What is left of a market's listings when the repeated ones are gone, and which of the words in their
# texts could be visual attributes?
#
# The paper crawls 2.8 million pages of an online market, keeps the clothing, removes near-duplicates, and takes the
# 250 most frequent adjectives as candidate words {cite}`vittayakorn2016`. None of it was labelled by anybody: a word
# is only known to stand, or not to stand, in the text beside a photo.

# %% tags=["parameters", "remove-cell"]
profile = "embedded"
corpus = "atelier-shop"
backbone = "caffenet-mini"
seed = 0
book = False

# %% tags=["hide-input"]
import pandas as pd

from neuroattr import figures, papers, statistics, text
from neuroattr.chapter import Chapter
from neuroattr.corpus import load

PAPER = papers.load("discovery").constants
page = Chapter("discovery/03_datasets", corpus=corpus, backbone=backbone, profile=profile, book=book)
listings = load(corpus, seed=seed)
page.uses(listings)
listings

# %% [markdown]
# ## What one listing looks like
#
# A photo, a title, a description, a shop and a category. Below are a few, drawn at random, with the candidate words
# that were found in their texts. Look for words that are said but not seen, and for words that are seen but not said:
# the first are *false positives* of the text, the second *false negatives*, and everything that follows has to live
# with both.
