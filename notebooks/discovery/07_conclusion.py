# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 7 Conclusion
#
# **Question.** What is left of the paper's claims when each is held against its own test, on
# generated data where the truth is known and on real photographs?
#
# **What the paper concludes** {cite}`vittayakorn2016`: units of a network respond to visual
# attributes; a divergence of their activations finds them from noisy text; the classifiers built on
# them see much as people do; layers tell how deep a percept lies; and the units' own responses tell
# where in the picture it is.
#
# Nothing is measured on this page. It reads what the chapters have recorded, in this run and in the
# last run on real data. A claim is decided by the test that stands beside it and by nothing else;
# one that speaks of several networks or data sets holds only if it holds for each.

# %% tags=["parameters", "remove-cell"]
profile = "embedded"
corpus = "atelier-shop"
backbone = "caffenet-mini"
seed = 0
book = False

# %% tags=["hide-input", "wide"]
import numpy as np
import pandas as pd

from neuroattr import results
from neuroattr.book import tables
from neuroattr.book.chapter import Chapter

page = Chapter(
    "discovery/07_conclusion", corpus=corpus, backbone=backbone, profile=profile, book=book
)
runs = page.runs(whole=True)
titles = page.origins(runs)

# %% [markdown]
# The verdict of each run on each claim, and the group that a claim belongs to by them:

# %% tags=["hide-input"]
claims = results.claims_table("discovery", ledgers=runs).set_index("id")
outcomes = claims[list(runs)].rename(columns=titles)
decisive = "real data" if "real data" in outcomes and len(runs) > 1 else None
groups = results.standing(outcomes, decisive=decisive)
page.say(f"{len(claims)} claims, judged on {' and '.join(titles.values())}")

# %% [markdown]
# ## The count

# %% tags=["hide-input"]
verdicts = outcomes.fillna("not tested")
counts = pd.DataFrame({name: verdicts[name].value_counts() for name in verdicts})
counts = counts.reindex(["holds", "does not hold", "undecided", "not tested"])
page.table(
    counts.fillna(0).astype(int),
    index="verdict",
    caption=f"The {len(claims)} claims of the paper, by verdict",
)

# %% [markdown]
# Where two sets of data were asked, a claim *stands* if it holds on photographs and fails nowhere.
# One that holds on drawings but was not decided, or not tested, on photographs stands *on drawings
# only*. A claim is *divided* if it holds on one and fails on the other; it *falls* if it fails on
# one and holds on none; it is *open* if every test left it undecided. A verdict that was found by
# code that has changed since is counted as it was found, and how many there are is said.

# %% tags=["hide-input"]
sizes = groups.value_counts().reindex(list(results.GROUPS)).fillna(0).astype(int)
is_stale = claims[[f"{name} stale" for name in runs]].fillna(False).astype(bool)
old = int(is_stale.any(axis=1).sum())
caption = f"{len(claims)} claims in groups; {old} with a stale verdict"
page.table(sizes.rename("claims"), index="group", caption=caption)

# %% [markdown]
# ## What stands
#
# Holds on photographs, where there are any, and nowhere fails.

# %% tags=["hide-input"]
page.claims(groups.index[groups == "stands"].tolist(), whole=True)

# %% [markdown]
# ## What stands on drawings only
#
# The method did on pictures whose truth is known what the claim says. Whether it does on
# photographs was not decided.

# %% tags=["hide-input"]
page.claims(groups.index[groups == "on drawings only"].tolist(), whole=True)

# %% [markdown]
# ## What is divided
#
# Holds on one and fails on the other. On generated data a claim can fail because of how the data
# were drawn; the chapter says where that is so.

# %% tags=["hide-input"]
page.claims(groups.index[groups == "divided"].tolist(), whole=True)

# %% [markdown]
# ## What falls
#
# Fails where it was decided.

# %% tags=["hide-input"]
page.claims(groups.index[groups == "falls"].tolist(), whole=True)

# %% [markdown]
# ## What stays open
#
# The interval covers the bound, or what the claim speaks of was not there to be measured: the
# evidence says which.

# %% tags=["hide-input"]
page.claims(groups.index[groups == "open"].tolist(), whole=True)

# %% [markdown]
# ## What was not tested
#
# Claims that no chapter of these runs has judged.

# %% tags=["hide-input"]
page.claims(groups.index[groups == "untested"].tolist(), whole=True)

# %% [markdown]
# ## How much rests on what
#
# The corpus and the network behind each chapter's numbers, how many it recorded, and the smallest
# and largest number of observations behind one; *stale* are those measured by code that has changed
# since.

# %% tags=["hide-input"]
of_paper = {titles[name]: rows[rows["paper"] == "discovery"] for name, rows in runs.items()}
entries = pd.concat(of_paper, names=["data"]).reset_index("data")
rests = entries.groupby(["data", "chapter"], sort=False).agg(
    corpus=("corpus", "first"),
    network=("network", "first"),
    numbers=("value", "count"),
    verdicts=("outcome", "count"),
    least_n=("n", "min"),
    largest_n=("n", "max"),
    stale=("stale", "sum"),
)

# %% [markdown]
# Each chapter with a link to its page:

# %% tags=["hide-input"]
rests = rests.reset_index("chapter")
rests["chapter"] = tables.links(rests["chapter"], page.name)
rests = rests.rename(columns={"least_n": "least n", "largest_n": "largest n"})
page.table(rests, caption="What the verdicts rest on")

# %% [markdown]
# ## Table 1, the number that people will look up
#
# Correlation of each method's visualness with people's.

# %% tags=["hide-input"]
ids = page.paper.numbers["id"]
correlations = ids[ids.str.startswith("table1.") & ~ids.str.endswith(".dim")]
page.comparison(correlations.tolist(), whole=True)

# %% [markdown]
# ## What we would tell the authors
#
# **Some sentences and the printed numbers disagree.** These are the slips that we found, with the
# reading that we took:

# %% tags=["hide-input"]
slips = page.paper.errata.set_index("place")
page.table(slips[["printed", "reading", "why"]], caption="Printed, and read here as")

# %% [markdown]
# **A hundred words carry less than three decimals.** The 95 % interval that Fisher's transformation
# gives each printed Pearson correlation, and how many of the other rows' values lie inside it:

# %% tags=["hide-input"]
words = page.paper.constants.human_words
numbers = page.paper.numbers
is_pearson = numbers["id"].str.fullmatch(r"table1\..*\.pearson")
pearson = numbers[is_pearson].set_index("row")["value"]
spread = 1.96 / np.sqrt(words - 3)
table = pd.DataFrame({"Pearson": pearson})
table["low"] = np.tanh(np.arctanh(pearson) - spread)
table["high"] = np.tanh(np.arctanh(pearson) + spread)
table["other rows inside"] = [
    pearson.between(row["low"], row["high"], inclusive="neither").sum() - 1
    for _, row in table.iterrows()
]
page.table(table.round(3), caption=f"Table 1 as printed, with intervals for n = {words}")

# %% [markdown]
# **What is not printed decides.** Bins, the treatment of empty bins, regularisation, how many
# images resampling keeps, and nearly everything about fine-tuning are left to the reader. How much
# that moves the results is measured in the chapters; each choice has a default and its alternatives
# on the [page of open choices](../choices).

# %% tags=["hide-input"]
page.say(f"Choices that the paper leaves open and a reader has to make: {len(page.paper.choices)}.")

# %% [markdown]
# **Divergence grows with rarity and with the number of units.** A word that few images have, and a
# layer of many units, reach a large maximum by chance. A bias-corrected divergence, or the maximum
# of shuffled words beside it, costs nothing ([section 4.1](04_1_divergence), [section
# 5](05_perceptual_depth)).
#
# **A contrast should say what it is a contrast to.** Against random images, a word of one kind of
# product is seen by whatever tells kinds of product. Negatives of the same kind measure the look
# ([section 4.2](04_2_visualness)).
#
# ## What remains
#
# Whether the agreement with people is that of *these* people on *these* photographs cannot be told
# from here: neither the photographs nor the votes are public. Generated data say what the method
# recovers when the truth is known; published norms of words say what it shares with people
# elsewhere. Both are stand-ins, and no verdict on this page is a verdict on the authors'
# measurements.
#
# :::{admonition} Exercise
# :class: exercise
# A verdict depends on its bound. Which of the claims above would change if “beyond chance” had to
# mean beyond a difference that anyone would notice, say 0.1?
# :::
#
# :::{admonition} Solution
# :class: dropdown
# Every claim with a bound holds its evidence as *case: value [low, high]*. Take those whose bound
# is 0 from `page.paper.claims`, look into the `evidence` columns of `claims`, and compare *low*
# with 0.1. Differences of correlations mostly do not survive; differences of accuracy and precision
# mostly do.
# :::
