# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # The poster
#
# **Question.** A poster is a paper on one sheet. What stands on its sheet when every panel is made
# again?
#
# **What the authors did** {cite}`vittayakorn2016`: six panels and one table. Here each panel shows
# what the chapters of this companion have measured, and links to them. Nothing is measured twice:
# numbers come from their ledgers, figures from their pages. What they have not made yet is said to
# be missing.

# %% tags=["parameters", "remove-cell"]
profile = "embedded"
corpus = "atelier-shop"
backbone = "caffenet-mini"
seed = 0
book = False

# %% tags=["hide-input"]
import numpy as np
import pandas as pd

from neuroattr import results
from neuroattr.book import excerpts
from neuroattr.book.chapter import Chapter

options = {"corpus": corpus, "backbone": backbone, "profile": profile, "book": book}
page = Chapter("discovery/poster", **options, paper="poster")
run = page.runs(whole=True)[profile]
measured = run[run["paper"] == "discovery"].set_index("id")
of_others = run[(run["paper"] == "poster") & (run["chapter"] != page.name)]
elsewhere = set(of_others["id"])

# %% [markdown]
# The table of the poster repeats rows of the paper's Table 1, and most of its claims repeat the
# paper's. They are taken over from the chapters that measured them, with interval and n.

# %% tags=["hide-input"]
for id in set(page.paper.numbers["id"]) - elsewhere:
    twin = id.replace("table.", "table1.", 1)
    if twin in measured.index:
        one = measured.loc[twin]
        interval = None if np.isnan(one["low"]) else (one["low"], one["high"])
        page.record(id, one["value"], n=int(one["n"]), interval=interval, note=one["note"])

# %% [markdown]
# The same for the claims:

# %% tags=["hide-input"]
for claim in page.paper.claims.itertuples():
    twin = str(claim.same_as).removeprefix("discovery:")
    if claim.id not in elsewhere and twin in measured.index:
        one = measured.loc[twin]
        holds = {"holds": True, "does not hold": False}.get(one["outcome"])
        page.verdict(claim.id, holds, one["evidence"])

# %% [markdown]
# ## Overview
#
# Can visual attributes be learned without a supervised data set? The way: look at the units of a
# network that was trained for something else; a divergence of their activations finds words that
# pictures show, though the labels are noisy; compare with people; and let the units say where in
# the picture the attribute is.

# %% tags=["remove-input", "panel"]
excerpts.figure(page, "discovery/01_introduction", "framework")

# %% [markdown]
# ## Automatically discovered attributes
#
# Web data: pictures of products with what their sellers wrote, and pictures of people with tags.
# The words come from the texts; nobody labelled a picture.

# %% tags=["remove-input", "panel"]
excerpts.figure(page, "discovery/03_datasets", "listings")

# %% [markdown]
# ## KL divergence identifies prime units
#
# Some units answer to an attribute without ever having been trained for it. The divergence of their
# activations, with the word against without it, finds them: the *prime units*.

# %% tags=["remove-input", "panel"]
excerpts.figure(page, "discovery/04_1_divergence", "prime-units")

# %% [markdown]
# Both claims of the panel:

# %% tags=["remove-input", "panel"]
page.claims(["units-respond", "divergence-identifies"], whole=True)

# %% [markdown]
# ## Prime units perceive attributes like humans do
#
# A classifier on prime units ranks the images, a second one learns from the surest. What it
# believes most and least, for a few words; how visible a word is to it is held against how visible
# it is to people.

# %% tags=["remove-input", "panel"]
excerpts.figure(page, "discovery/04_4_experiments", "figure-2")

# %% [markdown]
# The most and least visual words, by people and by each method:

# %% tags=["remove-input", "panel"]
excerpts.table(page, "discovery/04_4_experiments", "Ten most and ten least visual")

# %% [markdown]
# ## Correlation to human perception
#
# The poster's own table, row by row; in brackets the 95 % interval.

# %% tags=["remove-cell"]
runs = page.runs(whole=True)  # now with this page's own
titles = page.origins(runs)
ids = page.paper.numbers["id"].tolist()
found = results.comparison("poster", ids=ids, ledgers=runs)
here = []
for row in found.to_dict("records"):
    measured_here = []
    for name, title in titles.items():
        interval = {"low": row[f"{name} low"], "high": row[f"{name} high"]}
        value = results.shown(row[name], **interval, decimals=2)
        if value:
            measured_here.append(f"{title} {value}")
    here.append("; ".join(measured_here) or "–")

# %% [markdown]
# A row for each method, with two columns for each correlation, as printed and as measured here:

# %% tags=["remove-input", "panel"]
found["here"] = here
found["paper"] = [results.shown(value, decimals=3) for value in found["printed"]]
table = pd.DataFrame(index=found["row"].unique())
for column in found["column"].unique():
    by_method = found[found["column"] == column].set_index("row")
    table[f"{column}, paper"] = by_method["paper"]
    table[f"{column}, here"] = by_method["here"]
n = pd.concat([found[f"{name} n"].dropna() for name in runs])
judged = int(n.max()) if len(n) else 0
caption = f"The {len(table)} methods; over {judged} words here"
page.table(table, index="method", caption=caption)

# %% [markdown]
# What the panel claims of it:

# %% tags=["remove-input", "panel"]
page.claims(["perceive-like-humans"], whole=True)

# %% [markdown]
# ## Layers characterize attribute perception
#
# Early layers answer to primitive attributes, deeper ones to more abstract ones; is the agreement
# with people highest in the middle? Fine-tuning changes how much each layer diverges.

# %% tags=["remove-input", "panel"]
excerpts.figure(page, "discovery/05_perceptual_depth", "figure-4")

# %% [markdown]
# Agreement with people, layer by layer:

# %% tags=["remove-input", "panel"]
excerpts.figure(page, "discovery/05_perceptual_depth", "figure-5")

# %% [markdown]
# The verdicts:

# %% tags=["remove-input", "panel"]
page.claims(
    ["primitive-to-abstract", "agreement-in-the-middle", "tuning-changes-depth"], whole=True
)

# %% [markdown]
# ## KL at conv4
#
# One tag of the street pictures: its divergence unit by unit, with one middle layer stressed, and
# the pictures that excite this layer's prime units most.

# %% tags=["remove-input", "panel"]
excerpts.figure(page, "discovery/05_perceptual_depth", "divergence-at-conv4")

# %% [markdown]
# ## Average image
#
# The mean of the pictures of which the tag's classifier is surest, and of those it is surest that
# they are not.

# %% tags=["remove-input", "panel"]
excerpts.figure(page, "discovery/05_perceptual_depth", "average-image")

# %% [markdown]
# ## Prime units can identify the salient region
#
# A mask slides over the picture; where it changes the units of largest divergence most, there the
# attribute is. Baseline: the smoothed gradient.

# %% tags=["remove-input", "panel"]
excerpts.figure(page, "discovery/06_saliency", "figure-6a")

# %% [markdown]
# Overlap with the marked region, by threshold:

# %% tags=["remove-input", "panel"]
excerpts.figure(page, "discovery/06_saliency", "figure-6b")

# %% [markdown]
# The verdict:

# %% tags=["remove-input", "panel"]
page.claims(["units-locate-regions"], whole=True)

# %% [markdown]
# ## What a sheet cannot hold
#
# The poster leaves out the rows of the *initial* classifiers, which are those by which the paper
# contradicts itself; it prints no interval, and the correlations of its table rest on a hundred
# words. The [conclusion](07_conclusion) lists all claims with their verdicts, the
# [scoreboard](../scoreboard) all numbers. The table once more, with unit, n and the reason why a
# number may differ:

# %% tags=["hide-input"]
page.comparison(page.paper.numbers.id.tolist(), whole=True)

# %% [markdown]
# :::{admonition} Exercise
# :class: exercise
# How many of the eight rows of the poster's table could be put in another order by chance alone?
# :::
#
# :::{admonition} Solution
# :class: dropdown
# `rows = page.paper.numbers` holds the printed correlations. Fisher's interval of one is
# `np.tanh(np.arctanh(r) + np.array([-1, 1]) * 1.96 / np.sqrt(100 - 3))`. All rows but those of the
# direct output and of the language prior overlap with each other. That does not mean that they are
# equal: all rows are measured on the same words, so a paired comparison ([section
# 4.3](04_3_human_perception)) tells more than two intervals do.
# :::
