"""Time the histogram counts of all words and units beside a loop over np.histogram and a one-hot matrix product.

python benchmarks/counts.py --images 12000 --units 9568 --words 250 --bins 32
"""

import argparse
import resource
import time

import numpy as np
import scipy.sparse

from neuroattr import discovery, statistics

CLOCK = 2.6e9
"""Cycles a second assumed for the estimate."""


def main():
    """Print estimated, measured and ratio for each way, interleaved so that other work on the machine hits all."""
    options = parsed()
    values, mentions = made(options)
    pairs, columns = options.units * options.words, min(options.onehot_units, options.units)
    codes, edges = statistics.unit_codes(values, bins=options.bins)
    statistics.word_counts(codes[:, :1], mentions, bins=options.bins)  # compiles, or loads what was compiled
    timed = {"np.histogram loop": [], "... columns ready": [], "one-hot product": [], "word_counts": []}
    random = np.random.default_rng(options.seed)
    equal = True
    for _ in range(options.rounds):
        words, units = (random.integers(0, n, options.sample) for n in (options.words, options.units))
        masks, side_by_side = mentions[:, words].toarray().T.copy(), values[:, units].T.copy()
        seconds, looped = clocked(by_loop, values, edges, masks, units)
        timed["np.histogram loop"].append(seconds * pairs / options.sample)
        seconds, again = clocked(by_column_loop, side_by_side, edges, masks, units)
        timed["... columns ready"].append(seconds * pairs / options.sample)
        equal &= np.array_equal(looped, again)
        seconds, product = clocked(by_product, codes[:, :columns], mentions, options.bins)
        timed["one-hot product"].append(seconds * options.units / columns)
        seconds, counts = clocked(statistics.word_counts, codes, mentions, bins=options.bins)
        timed["word_counts"].append(seconds)
        totals = statistics.word_counts(codes, np.ones((options.images, 1), bool), bins=options.bins)[0]
        equal &= np.array_equal(looped[:, 0], counts[words, units])
        equal &= np.array_equal(looped[:, 1], (totals - counts)[words, units])
        equal &= np.array_equal(product, counts[:, :columns])
        del counts
    coding, _ = clocked(statistics.unit_codes, values, bins=options.bins)
    whole, _ = clocked(discovery.unit_divergence, values, mentions, bins=options.bins)
    report(options, mentions.nnz, timed, equal, coding, whole)


def parsed():
    """Options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default, meaning in (
        ("images", 6000, "images"),
        ("units", 9568, "units; the seven layers of CaffeNet have 9,568"),
        ("words", 250, "words"),
        ("bins", 32, "bins of a unit"),
        ("per-image", 10, "words of an image, on average"),
        ("sample", 1000, "pairs of word and unit in a round of the np.histogram loop, extrapolated to all"),
        ("onehot-units", 96, "units in a round of the one-hot product, extrapolated to all"),
        ("rounds", 3, "interleaved rounds; the fastest of each way is reported"),
        ("seed", 0, "seed of the made data"),
    ):
        parser.add_argument(f"--{name}", type=int, default=default, help=f"{meaning} ({default})")
    return parser.parse_args()


def made(options):
    """Activations, half dense and half mostly zero, and mentions whose frequencies fall as a power of their rank."""
    random = np.random.default_rng(options.seed)
    values = random.standard_normal((options.images, options.units), dtype=np.float32)
    values[:, ::2] -= 1
    np.maximum(values, 0, out=values)
    shares = 1 / np.arange(1, options.words + 1) ** 0.7
    shares = np.minimum(shares * options.per_image / shares.sum(), 0.5)
    return values, scipy.sparse.csr_array(random.random((options.images, options.words)) < shares)


def by_loop(values, edges, masks, units):
    """Counts with and without the word, pair by pair, straight from the activations."""
    counts = np.empty((len(units), 2, edges.shape[1] - 1), np.int64)
    for row, (has, unit) in enumerate(zip(masks, units, strict=True)):
        counts[row, 0] = np.histogram(values[has, unit], edges[unit])[0]
        counts[row, 1] = np.histogram(values[~has, unit], edges[unit])[0]
    return counts


def by_column_loop(columns, edges, masks, units):
    """The same from columns that someone laid side by side in memory beforehand."""
    counts = np.empty((len(units), 2, edges.shape[1] - 1), np.int64)
    for row, (has, unit, column) in enumerate(zip(masks, units, columns, strict=True)):
        counts[row, 0] = np.histogram(column[has], edges[unit])[0]
        counts[row, 1] = np.histogram(column[~has], edges[unit])[0]
    return counts


def by_product(codes, mentions, bins):
    """Counts as the product of the transposed mentions with one-hot codes, both float32 (exact below 2^24)."""
    dense = mentions.toarray().T.astype(np.float32)
    counts = np.empty((len(dense), codes.shape[1], bins), np.int64)
    for start in range(0, codes.shape[1], 32):
        block = codes[:, start : start + 32]
        onehot = (block[:, :, None] == np.arange(bins, dtype=codes.dtype)).astype(np.float32)
        counts[:, start : start + 32] = (dense @ onehot.reshape(len(codes), -1)).reshape(len(dense), -1, bins)
    return counts


def clocked(function, *arguments, **options):
    """Seconds that a call took, by the wall and on all cores together, and what it returned."""
    start = np.array([time.perf_counter(), time.process_time()])
    result = function(*arguments, **options)
    return np.array([time.perf_counter(), time.process_time()]) - start, result


def report(options, n_mentions, timed, equal, coding, whole):
    """Print the table."""
    increments = n_mentions * options.units
    estimate = increments * options.bins / 64 / CLOCK  # one comparison of 64 codes a cycle
    best = {way: np.min(seconds, axis=0) for way, seconds in timed.items()}
    ours = best["word_counts"]
    print(f"{options.images:,} images, {options.units:,} units, {options.words} words, {options.bins} bins")
    print(f"{increments:,} increments; {options.rounds} interleaved rounds, fastest of each")
    print("wall: what one waits, other work on the machine included; cores: processor time of all threads\n")
    print(f"{'':20} {'wall':>10} {'times':>8} {'cores':>10} {'times':>8}")
    for way, note in (
        ("np.histogram loop", f"extrapolated from {options.sample} of {options.units * options.words:,} pairs"),
        ("... columns ready", "the same, without the reads across rows"),
        ("one-hot product", f"extrapolated from {min(options.onehot_units, options.units)} units"),
        ("word_counts", f"all; {increments / ours[1] / 1e9:.2f} G increments a second and core"),
    ):
        (wall, cores), (slower, costlier) = best[way], best[way] / ours
        print(f"{way:20} {wall:8.2f} s {slower:8.0f} {cores:8.2f} s {costlier:8.0f}   {note}")
    print(f"\ncores: estimated {estimate:.2f} s, measured {ours[1]:.2f} s, ratio {ours[1] / estimate:.1f}")
    print(f"counts equal bit for bit: {'yes' if equal else 'NO'}")
    print(
        f"unit_codes of all activations {coding[0]:.2f} s (cores {coding[1]:.2f} s), "
        f"unit_divergence from activations {whole[0]:.2f} s (cores {whole[1]:.2f} s)"
    )
    print(f"result {options.words * options.units * options.bins * 8 / 2**20:,.0f} MiB, ", end="")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GiB")


if __name__ == "__main__":
    main()
