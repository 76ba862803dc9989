# %% [markdown]
# # Scoreboard
#
# Every number that the papers print and every claim that they make, beside what the last run on real data and the last
# run on generated data measured. A number on other data confirms or refutes nothing by itself; the reason why the two
# differ stands in the chapter that measured it. A claim is decided by the test that stands beside it, and by nothing
# else. An entry marked *stale* was measured by code that has changed since.

# %% tags=["parameters", "remove-cell"]
profile = "embedded"
corpus = "atelier-shop"
backbone = "caffenet-mini"
seed = 0
book = False

# %% tags=["hide-input"]
from neuroattr import execution, papers, results
from neuroattr.chapter import Chapter

page = Chapter("scoreboard", corpus=corpus, backbone=backbone, profile=profile, book=book, paper="discovery")
runs = {name: results.read(folder, code=execution.code_digest) for name, folder in execution.ledgers().items()}
page.table(results.tally(runs).set_index("paper"), caption="How much of each paper has been measured, and how its claims fared")

# %% [markdown]
# ## *Automatic Attribute Discovery with Neural Activations*

# %% tags=["hide-input"]
page.table(results.scoreboard("discovery", runs).set_index("id"), caption="Discovery: printed numbers and claims")

# %% [markdown]
# ## Its poster

# %% tags=["hide-input"]
page.table(results.scoreboard("poster", runs).set_index("id"), caption="Poster: printed numbers and claims")
