"""Time the logistic regressions of many words beside a loop over scikit-learn, in one run, to the same result.

python benchmarks/classifiers.py --images 3000 --units 9568 --words 250
"""

import argparse
import time
import warnings

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from neuroattr import discovery
from neuroattr.discovery.classifiers import halves
from neuroattr.discovery.examples import Features
from neuroattr.discovery.protocol import GRID

C = np.array(GRID)
PRIME = 100
STEPS = 20
"""Newton steps of a whole grid of C assumed for the estimate: each starts where the one before ended."""


def main():
    """Print estimated, measured and ratio for each variant, interleaved so that other work on the machine hits all."""
    options = parsed()
    examples = made(options)
    train = np.flatnonzero(examples.split == "train")
    features = Features(examples.values, train, True, True)
    rate = matrix_rate()
    start = clock()
    features.products(train[:1], train[:1])  # computes all inner products
    products = clock() - start
    sizes = [len(examples.drawn(w, 0, seed=0)["train"]) for w in range(options.words)]
    print(f"{options.images:,} images, {options.units:,} units, {options.words} words, {len(C)} values of C")
    print(
        f"images a fit: median {np.median(sizes):.0f}, largest {max(sizes)}; matrix products {rate / 1e9:.0f} GFLOP/s"
    )
    print("wall: what one waits, other work on the machine included; cores: processor time of all threads\n")
    for name, tight in (("equal coefficients", True), ("both stop at 1e-4 of the mean loss", False)):
        timed, distance = rounds(options, examples, features, np.random.default_rng(options.seed), tight=tight)
        report(name, timed, distance, products, options)
    flops = options.images**2 * options.units + STEPS * sum(n**3 / 3 for n in sizes)
    flops += STEPS * sum(n * PRIME**2 for n in sizes)
    print(f"\nestimated for all words, initial and random: {flops / rate:.1f} s of matrix products")


def parsed():
    """Options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default, meaning in (
        ("images", 3000, "images, half of them for training"),
        ("units", 9568, "units; the seven layers of CaffeNet have 9,568"),
        ("words", 250, "words"),
        ("per-image", 8, "words of an image, on average"),
        ("sample", 4, "words in a round, from the frequent to the rare, extrapolated to all"),
        ("rounds", 2, "interleaved rounds"),
        ("seed", 0, "seed of the made data"),
    ):
        parser.add_argument(f"--{name}", type=int, default=default, help=f"{meaning} ({default})")
    return parser.parse_args()


def made(options):
    """Correlated, rectified activations; words whose frequencies fall as a power of their rank, each with its cause."""
    random = np.random.default_rng(options.seed)
    causes = random.standard_normal((options.images, 60), dtype=np.float32)
    values = causes @ random.standard_normal((60, options.units), dtype=np.float32) / 8
    values += random.standard_normal(values.shape, dtype=np.float32) - 0.5
    np.maximum(values, 0, out=values)
    shares = 1 / np.arange(1, options.words + 1) ** 0.7
    shares = np.minimum(shares * options.per_image / shares.sum(), 0.4)
    shown = causes[:, np.arange(options.words) % 60] + random.standard_normal((options.images, options.words))
    mentions = shown > [np.quantile(column, 1 - share) for column, share in zip(shown.T, shares, strict=True)]
    split = np.array(["train", "test", "train", "validation"])[np.arange(options.images) % 4]
    return discovery.Examples(values, mentions, split, [f"w{w}" for w in range(options.words)])


def rounds(options, examples, features, random, *, tight):
    """Seconds a word [variant, way, round, wall or cores], and the largest distance of any coefficient."""
    timed, distance = {"initial": ([], []), "random": ([], [])}, 0.0
    for _ in range(options.rounds):
        # Made words come most frequent first: one of each range, because the few frequent ones take most of the time.
        words = [random.choice(part) for part in np.array_split(np.arange(options.words), options.sample)]
        for variant in timed:
            ours, theirs = np.zeros(2), np.zeros(2)
            for word in words:
                rows = examples.drawn(word, 0, seed=0)["train"]
                units = random.choice(options.units, PRIME, replace=False) if variant == "initial" else slice(None)
                values, labels = features.rows(rows, units), halves(rows)
                tolerance = 1e-6 if tight else 1e-4 * C * len(rows)
                start = clock()
                if variant == "initial":
                    coefficients = discovery.logistic(values, labels, C=C, tolerance=tolerance).coefficients
                else:
                    gram = features.products(rows, rows)
                    coefficients = discovery.dual_logistic(gram, labels, C=C, tolerance=tolerance)[0] @ values
                ours += clock() - start
                start = clock()
                expected = by_scikit_learn(values, labels, tight)
                theirs += clock() - start
                distance = max(distance, np.abs(coefficients - expected).max())
            timed[variant][0].append(ours / len(words))
            timed[variant][1].append(theirs / len(words))
    return timed, distance


def by_scikit_learn(values, labels, tight):
    """Coefficients for each C."""
    options = {"tol": 1e-9, "max_iter": 20_000} if tight else {"max_iter": 1000}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # its line search gives up at the last digits
        return np.array([LogisticRegression(C=c, **options).fit(values, labels).coef_[0] for c in C])


def matrix_rate():
    """Floating-point operations a second of a product of matrices in double precision."""
    left = np.random.default_rng(0).normal(size=(1200, 1200))
    seconds = []
    for _ in range(5):
        start = clock()
        left @ left
        seconds.append((clock() - start)[0])
    return 2 * 1200**3 / min(seconds)


def clock():
    """Seconds by the wall, and of all threads together."""
    return np.array([time.perf_counter(), time.process_time()])


def report(name, timed, distance, products, options):
    """Print one table: seconds for all words."""
    print(f"{name}: largest distance of a coefficient {distance:.1e}")
    print(f"{'':24} {'ours wall':>10} {'cores':>8} {'loop wall':>10} {'cores':>8} {'times':>6} {'times':>6}")
    total = np.zeros((2, 2))
    for variant, (ours, theirs) in timed.items():
        seconds = np.array([np.mean(ours, axis=0), np.mean(theirs, axis=0)]) * options.words
        seconds[0] += products if variant == "random" else 0
        total += seconds
        line(variant, seconds)
    line("both", total)
    print(f"{'':24} of it {products[0]:.1f} s (cores {products[1]:.1f} s) for the inner products of all images, once\n")


def line(name, seconds):
    """Print seconds and ratios, wall and cores."""
    (ours, cores), (theirs, their_cores) = seconds
    print(
        f"{name:24} {ours:8.1f} s {cores:6.1f} s {theirs:8.1f} s {their_cores:6.1f} s "
        f"{theirs / ours:6.1f} {their_cores / cores:6.1f}"
    )


if __name__ == "__main__":
    main()
