# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Open choices and slips
#
# A paper leaves things unsaid, and some of them decide results. This page lists every choice that
# the five documents leave open, with the options and the default that this book takes, and the
# slips that were found in print. Nobody is to blame for either: pages are short. But a reader who
# wants the same numbers needs the same choices.

# %% tags=["parameters", "remove-cell"]
profile = "embedded"
corpus = "atelier-shop"
backbone = "caffenet-mini"
seed = 0
book = False

# %% tags=["hide-input"]
import pandas as pd

from neuroattr import papers
from neuroattr.book.chapter import Chapter

page = Chapter(
    "choices", corpus=corpus, backbone=backbone, profile=profile, book=book, paper="discovery"
)
documents = {papers.load(key).title: papers.load(key) for key in papers.keys()}

# %% [markdown]
# ## What the papers leave open
#
# The default is the first thing to know: it is what every number of this book was made with unless
# its page says otherwise. An option that is not offered by the code yet is listed all the same,
# because the paper's authors may have taken it.

# %% tags=["hide-input"]
open_choices = pd.concat(
    {title: paper.choices for title, paper in documents.items()}, names=["document", None]
)
open_choices = open_choices.reset_index("document").set_index("name")
open_choices["options"] = open_choices["options"].map(lambda options: ", ".join(map(str, options)))
shown = open_choices[["document", "place", "question", "default", "options", "reason"]]
page.table(shown, caption=f"{len(shown)} choices that the documents leave open")

# %% [markdown]
# ## Slips in print
#
# Found while checking every number against the rest of its paper. None changes a conclusion by
# itself.

# %% tags=["hide-input"]
slips = pd.concat(
    {title: paper.errata for title, paper in documents.items()}, names=["document", None]
)
slips = slips.reset_index("document")
page.table(slips.set_index(slips.columns[1]), caption=f"{len(slips)} slips")
