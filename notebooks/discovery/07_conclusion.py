# %% [markdown]
# # 7 Conclusion
#
# **Question.** What is left of the paper's claims when each is held against its own test, on generated data where the
# truth is known and on real photographs?
#
# **What the paper concludes** {cite}`vittayakorn2016`: units of a network respond to visual attributes; a divergence of
# their activations finds them from noisy text; the classifiers built on them see much as people do; layers tell how
# deep a percept lies; and the units' own responses tell where in the picture it is.
#
# Nothing is measured on this page. It reads what the chapters have recorded, in this run and in the last run on real
# data. A claim is decided by the test that stands beside it and by nothing else; one that speaks of several networks or
# data sets holds only if it holds for each.

# %% tags=["parameters", "remove-cell"]
profile = "embedded"
corpus = "atelier-shop"
backbone = "caffenet-mini"
seed = 0
book = False

# %% tags=["hide-input", "wide"]
import numpy as np
import pandas as pd
from IPython.display import Markdown

from neuroattr import papers, results
from neuroattr.chapter import Chapter, tables

page = Chapter("discovery/07_conclusion", corpus=corpus, backbone=backbone, profile=profile, book=book)
runs = page.runs(whole=True)
titles = {name: "real data" if name == "sample" else "generated data" for name in runs}
claims = results.claims_table("discovery", ledgers=runs).set_index("id")
outcomes = claims[list(runs)].rename(columns=titles).fillna("not tested")

# %% [markdown]
# ## The count

# %% tags=["hide-input"]
order = ["holds", "does not hold", "undecided", "not tested"]
counts = outcomes.apply(lambda column: column.value_counts()).reindex(order).fillna(0).astype(int)
page.table(counts.rename_axis("verdict"), caption=f"The {len(claims)} claims of the paper, by verdict")

# %% [markdown]
# Sorted into groups: a claim *stands* if it holds wherever it was decided, and *falls* if it fails in at least one place.

# %% tags=["hide-input"]
groups = pd.Series("untested", claims.index)
groups[(outcomes == "undecided").any(axis=1)] = "open"
groups[(outcomes == "holds").any(axis=1)] = "stands"
groups[(outcomes == "does not hold").any(axis=1)] = "falls"
both = (outcomes == "holds").all(axis=1) if len(runs) > 1 else groups == "stands"
share = f"{(groups == 'stands').sum()} of {len(claims)} claims stand, {(groups == 'falls').sum()} fall, {(groups == 'open').sum()} stay open and {(groups == 'untested').sum()} have not been tested"
Markdown(f"{share}. {f'{both.sum()} hold on generated and on real data alike.' if len(runs) > 1 else ''}")

# %% [markdown]
# ## What stands
#
# Holds wherever a test came out; where one of two data sets left it undecided, the column says so.

# %% tags=["hide-input"]
page.claims(groups.index[groups == "stands"].tolist(), whole=True)

# %% [markdown]
# ## What falls
#
# On generated data a claim can fail because of how the data were drawn; the chapter says where that is so.

# %% tags=["hide-input"]
page.claims(groups.index[groups == "falls"].tolist(), whole=True)

# %% [markdown]
# ## What stays open
#
# The interval covers the bound: more images, words or networks are needed, not another reading of the same numbers.

# %% tags=["hide-input"]
page.claims(groups.index[groups == "open"].tolist(), whole=True)

# %% [markdown]
# ## What was not tested
#
# No chapter of these runs has decided these.

# %% tags=["hide-input"]
page.claims(groups.index[groups == "untested"].tolist(), whole=True)

# %% [markdown]
# ## How much rests on what
#
# The corpus and the network behind each chapter's numbers, how many it recorded, and the smallest and largest number of
# observations behind one; *stale* are those measured by code that has changed since.

# %% tags=["hide-input"]
rows = pd.concat({titles[name]: rows[rows.paper == "discovery"] for name, rows in runs.items()}, names=["data"]).reset_index("data")
found = rows.groupby(["data", "chapter"], sort=False)
rests = found.agg(corpus=("corpus", "first"), network=("network", "first"), numbers=("value", "count"), verdicts=("outcome", "count"),
                  least_n=("n", "min"), largest_n=("n", "max"), stale=("stale", "sum"))
rests = rests.reset_index("chapter").assign(chapter=lambda table: [tables.link(name, page.name) for name in table.chapter])
page.table(rests.rename(columns=lambda name: name.replace("_", " ")), caption="What the verdicts rest on")

# %% [markdown]
# ## Table 1, the number that people will look up
#
# Correlation of each method's visualness with people's.

# %% tags=["hide-input"]
page.beside([id for id in page.paper.numbers.id if id.startswith("table1.") and not id.endswith(".dim")], whole=True)

# %% [markdown]
# ## What we would tell the authors
#
# **Some sentences and the printed numbers disagree.** These are the slips that we found, with the reading that we took:

# %% tags=["hide-input"]
page.table(page.paper.errata.set_index("place")[["printed", "reading", "why"]], caption="Printed, and read here as")

# %% [markdown]
# **A hundred words carry less than three decimals.** The 95 % interval that Fisher's transformation gives each printed
# Pearson correlation, and how many of the other rows' values lie inside it:

# %% tags=["hide-input"]
words = page.paper.constants.human_words
pearson = page.paper.numbers[page.paper.numbers.id.str.fullmatch(r"table1\..*\.pearson")].set_index("row").value
spread = 1.96 / np.sqrt(words - 3)
low, high = np.tanh(np.arctanh(pearson) - spread), np.tanh(np.arctanh(pearson) + spread)
inside = [int(((pearson > low[row]) & (pearson < high[row])).sum()) - 1 for row in pearson.index]
fisher = pd.DataFrame({"Pearson": pearson, "low": low, "high": high, "other rows inside": inside}).round(3)
page.table(fisher, caption=f"Table 1 as printed, with intervals for n = {words}")

# %% [markdown]
# **What is not printed decides.** Bins, the treatment of empty bins, regularisation, how many images resampling keeps,
# and nearly everything about fine-tuning are left to the reader. How much that moves the results is measured in the
# chapters; each choice has a default and its alternatives:

# %% tags=["hide-input"]
choices = page.paper.choices
Markdown(f"The paper leaves {len(choices)} choices open that a reader has to make; the [page of open choices](../choices) lists them with our defaults.")

# %% [markdown]
# **Divergence grows with rarity and with the number of units.** A word that few images have, and a layer of many units,
# reach a large maximum by chance. A bias-corrected divergence, or the maximum of shuffled words beside it, costs nothing
# ([section 4.1](04_1_divergence), [section 5](05_perceptual_depth)).
#
# **A contrast should say what it is a contrast to.** Against random images, a word of one kind of product is seen by
# whatever tells kinds of product. Negatives of the same kind measure the look ([section 4.2](04_2_visualness)).
#
# ## What remains
#
# Whether the agreement with people is that of *these* people on *these* photographs cannot be told from here: neither
# the photographs nor the votes are public. Generated data say what the method recovers when the truth is known;
# published norms of words say what it shares with people elsewhere. Both are stand-ins, and no verdict on this page is a
# verdict on the authors' measurements.
#
# :::{admonition} Exercise
# :class: exercise
# A verdict depends on its bound. Which of the claims above would change if “beyond chance” had to mean beyond a
# difference that anyone would notice, say 0.1?
# :::
#
# :::{admonition} Solution
# :class: dropdown
# Every claim with a bound holds its evidence as *case: value [low, high]*. Take those whose bound is 0 from
# `page.paper.claims`, look into the `evidence` columns of `claims`, and compare *low* with 0.1. Differences of
# correlations mostly do not survive; differences of accuracy and precision mostly do.
# :::
