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
# **Question.** Others have asked before which words can be seen. Is counting neurons better than
# the simplest way to ask: do pictures that share a word look alike?
#
# **What each line of work does**, in the paper's order (its section 2), and what this book takes
# from it:
#
# :::{list-table}
# :header-rows: 1
#
# * - line of work
#   - what it does
#   - here
# * - attributes and concepts from the Web
#   - One classifier a word, of what a search for the word returns: for colours and patterns
#     {cite}`ferrari2007`, for words that start from a few examples and bring in more of themselves
#     {cite}`chen2013`, for all phrases around one concept {cite}`divvala2014`. The words are given,
#     or chosen by how well a classifier does.
#   - words are adjectives of the texts; the classifiers of [4.2](04_2_visualness)
# * - visualness of a shop's words
#   - The nearest relative {cite}`berg2010`: attributes of products, scored by how well a classifier
#     on local features recognises them.
#   - the random baseline of [4.2](04_2_visualness), with a network's features
# * - what neurons represent
#   - Neurons of networks trained for objects or scenes respond to parts and textures
#     {cite}`zeiler2014,zhou2015`, few of them to one attribute {cite}`escorcia2015`.
#   - the prime units of [4.1](04_1_divergence)
# * - where in the image
#   - Gradients of a class by the pixels {cite}`simonyan2013`; the places without which a neuron
#     falls silent {cite}`zhou2015`.
#   - section 6
# :::
#
# None of them needs a divergence to say how visual a word is. Two years after the paper, another
# score of the same kind came from the study of texts with pictures {cite}`hessel2018`. A word is
# **concrete** if the nearest neighbours of its images have the word, too, more often than by
# chance. It needs neither a classifier nor a histogram, and makes the runnable comparison of this
# page.

# %% tags=["parameters", "remove-cell"]
profile = "embedded"
corpus = "atelier-shop"
backbone = "caffenet-mini"
seed = 0
book = False
neighbours = 50  # of each image, as in the work that the score is from
rarest = 20  # words with fewer training images than this are left out
resamples = 500  # of words, for intervals
word = "striped"  # the word that is worked through

# %% tags=["hide-input"]
import pandas as pd

from neuroattr import backbone as networks
from neuroattr import discovery, explorer, figures, papers, people, recorded
from neuroattr.book.chapter import Chapter
from neuroattr.studies import contrasts
from neuroattr.studies.kinds import visual_auc

PAPER = papers.load("discovery").constants

# %% [markdown]
# As in [section 4.1](04_1_divergence): the training half, words that enough of its images have, and
# one row of activations an image.

# %% tags=["hide-input"]
page = Chapter(
    "discovery/02_related_work", corpus=corpus, backbone=backbone, profile=profile, book=book
)
network = networks.load(backbone)
market = recorded.load(corpus, network, seed=seed)
listings = market.corpus
page.uses(listings, network)

half = market.part("train")
train, responses = half.corpus, half.responses
words = half.frequent(at_least=rarest)
mentions = half.mentions(words)

# %% [markdown]
# ## One word: the company its images keep
#
# The last layer of the network makes each image a point; near means a small angle between two
# points. With $V_u$ the images of a word $u$ and $NN_k(v)$ the $k$ nearest neighbours of an image
# $v$ among all others,
#
# $$\text{concreteness}(u) =
# \frac{\sum_{v \in V_u} |NN_k(v) \cap V_u| \,/\, (k\,|V_u|)}{(|V_u| - 1) / (N - 1)} :$$
#
# the share of the neighbours that have the word, over the share that chance would give.

# %% tags=["hide-input"]
last_layer = responses.sel(unit=responses.layer == network.layers[-1]).to_numpy()
near = discovery.nearest(last_layer, neighbours=neighbours)
company = discovery.neighbour_purity(near, mentions, words=words)

of_word = company.sel(word=word)
shown = {
    "images with the word": int(train.frequency[word]),
    "neighbours that have it": f"{float(of_word['share']):.1%}",
    "by chance": f"{float(of_word['chance']):.1%}",
    "concreteness": f"{float(of_word['lift']):.2f}",
}
caption = f"“{word}”, {neighbours} neighbours of each image"
page.table(shown, caption=caption, index="of the word")

# %% [markdown]
# Two images of the word with the most neighbours that have it, and two with the fewest: each row
# begins with the image, its five nearest neighbours follow.

# %% tags=["hide-input"]
said = train.mention(word)
share_of_neighbours = pd.Series(said[near].mean(axis=1))[said].sort_values(kind="stable")
most, least = share_of_neighbours.index[::-1][:2], share_of_neighbours.index[:2]

titles, rows, captions = [], [], []
for image in [*most, *least]:
    row = [image, *near[image][:5]]
    titles.append(f"{share_of_neighbours[image]:.0%} of {neighbours}")
    rows.append(row)
    captions.append([f"“{word}”" if said[one] else "" for one in row])

# %% [markdown]
# Pictures whose text has the word are marked:

# %% tags=["hide-input"]
pictures = explorer.Thumbnails(train).grid(rows)
page.figure(
    figures.image_grid(pictures, titles=titles, captions=captions),
    "company",
    alt=f"Four images with {word}, each with its five nearest neighbours: "
    "two that are among their like and two that are not.",
)

# %% [markdown]
# ## All words, in two ways
#
# The same for every word, beside the divergence of [section 4.1](04_1_divergence): the largest over
# all units, less what so few images would give by chance.

# %% tags=["hide-input"]
scores = pd.DataFrame({"concreteness": company["lift"].to_series()})
scores["divergence"] = contrasts.largest_divergence(half, words)
kinds = listings.truth.kinds.reindex(words)
labels = ("concreteness (share of neighbours over chance)", "divergence (nats, corrected)")
page.figure(
    figures.scatter(scores, kinds, labels=labels),
    "two-scores",
    alt="Concreteness by neighbours against the largest corrected divergence of each word, "
    "by kind of word.",
    data=scores.assign(kind=kinds),
)

# %% [markdown]
# Both are scores of *what kind of thing is in the picture* as much as of its looks: neighbours in
# the last layer of a network are of one category first. So each has a second version that leaves
# the category out. For concreteness, chance is that of words dealt out at random within each
# category; for divergence, the images without the word are weighted to the categories of those with
# it ([section 4.1](04_1_divergence)).

# %% tags=["hide-input"]
matched = contrasts.largest_divergence(half, words, match="category", at_least=rarest)
kept = list(matched.index)
within_categories = discovery.neighbour_purity(
    near, half.mentions(kept), strata=train.strata("category"), words=kept
)
scores = scores.loc[kept]
scores["concreteness, matched"] = within_categories["lift"].to_series()
scores["divergence, matched"] = matched

# %% [markdown]
# Both ends of the list of words by each of the four scores:

# %% tags=["hide-input"]
rows = {}
for score in scores:
    ranked = scores[score].sort_values(ascending=False, kind="stable").index
    rows[score] = {"most": " ".join(ranked[:10]), "least": " ".join(ranked[::-1][:10])}
page.table(rows, caption=f"Ten most and ten least visual of {len(kept)} words", index="score")

# %% [markdown]
# ## Which comes closer to people?
#
# People are simulated annotators where the corpus is generated, and published ratings of visual
# strength where it is real ([section 4.3](04_3_human_perception)). Beside them, the AUC of words
# that are known to be visual against words that are known not to be. Intervals are over words.

# %% tags=["hide-input"]
judged = [name for name in kept if name in people.judged(listings)]
asked_people = people.judgements(listings, judged, theta=PAPER.theta)
human = asked_people.visualness
labelled = scores.loc[judged].rename_axis("word").to_xarray()

agreements, aucs = {}, {}
for score in scores:
    agreement = discovery.agreement(labelled[score], human, draws=resamples, seed=seed)
    agreements[score] = agreement.spearman
    aucs[score] = visual_auc(scores[score], kinds)
intervals = pd.DataFrame(agreements.values(), index=pd.Index(agreements, name="score"))

# %% [markdown]
# Agreement of the order of words by each score with the order by people:

# %% tags=["hide-input"]
low, high = intervals["low"].to_numpy(), intervals["high"].to_numpy()
names = list(intervals.index)
page.figure(
    figures.ranking(intervals["value"], names, label="Spearman with people", low=low, high=high),
    "people",
    alt=f"Spearman correlation of each score with {asked_people.note}, with intervals.",
    data=intervals.rename(columns={"value": "spearman", "n": "words"}),
)

# %% [markdown]
# The scores share their words, so their differences are resampled with the words kept together; a
# difference whose interval holds zero is none.

# %% tags=["hide-input"]
rows = {}
for score in scores:
    rows[score] = {"Spearman with people": agreements[score], "AUC, visual words": aucs[score]}
caption = f"Four scores against people ({asked_people.note}) and known kinds"
page.table(rows, caption=caption, index="score")

# %% [markdown]
# And the differences, of plain scores and of matched ones:

# %% tags=["hide-input"]
compared = {
    "divergence, not concreteness": ("divergence", "concreteness"),
    "divergence, not concreteness (both matched)": (
        "divergence, matched",
        "concreteness, matched",
    ),
}
gains = {}
for label, (first, second) in compared.items():
    gain = discovery.advantage(labelled[first], labelled[second], human, draws=resamples, seed=seed)
    gains[label] = gain.spearman
gained = pd.Series(gains, name="more agreement with people (Spearman)")
page.table(gained, caption=f"Paired differences over {len(judged)} words", index="score")

# %% [markdown]
# ## Paper beside here
#
# The section prints no number, and the score by neighbours is younger than the paper. Ours:

# %% tags=["hide-input"]
note = asked_people.note
for score, agreement in agreements.items():
    id = "related." + score.replace(", ", "_")
    page.record(id, agreement, title=f"Spearman with people of {score}", note=note)
for id, label in zip(("related.gap.plain", "related.gap.matched"), gains, strict=True):
    page.record(id, gains[label], title=f"Spearman gained by {label}", note=note)
page.comparison()

# %% [markdown]
# The claim that a divergence is larger for visual words is decided in
# [section 4.1](04_1_divergence):

# %% tags=["hide-input"]
page.claims(["divergence-separates"])

# %% [markdown]
# ## What is not compared
#
# Concreteness is one number a word. It names no unit, no depth and no region, and it gives no
# classifier: what the divergence is for begins where this page ends. Nor is the network of the
# later work used, or its data. The web-scale methods of the first lines of the table need searches
# that nobody can repeat.
#
# :::{admonition} Exercise
# :class: exercise
# Neighbours in the *first* layer share colours, those in the last one categories. For which words
# is the concreteness of the first layer larger?
# :::
#
# :::{admonition} Solution
# :class: dropdown
# `shallow = responses.sel(unit=responses.layer ==
# network.layers[0]).to_numpy()`, then `discovery.neighbour_purity(discovery.nearest(shallow,
# neighbours=neighbours), mentions, words=words)["lift"]`; take `company["lift"]` off and sort.
# Colours come first.
# :::
