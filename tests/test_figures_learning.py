"""Learning curves draw what they are given, and refuse what they cannot draw."""

import pandas as pd
import pytest

from neuroattr import figures
from neuroattr.figures import learning_curves
from neuroattr.figures.style import MUTED


def curves(**changed):
    columns = {
        "learning rate": [1e-3, 1e-3, 1e-4],
        "training loss": [3.0, 2.0, 1.0],
        "validation loss": [3.1, 2.4, 2.6],
        "validation measure": [0.5, 0.7, 0.72],
        "seconds": [1.0, 1.0, 1.0],
    }
    return pd.DataFrame(columns | changed, index=pd.RangeIndex(1, 4, name="epoch"))


def test_each_network_has_a_column_with_its_losses_above_its_measure():
    figure = learning_curves({"one": curves(), "two": curves()}, {"one": "accuracy", "two": "mean average precision"})
    assert len(figure.axes) == 4
    above, _, below, _ = figure.axes
    drawn = {line.get_label(): list(line.get_ydata()) for line in above.lines}
    assert drawn["training"] == [3.0, 2.0, 1.0]
    assert drawn["validation"] == [3.1, 2.4, 2.6]
    assert below.lines[0].get_ydata().tolist() == [0.5, 0.7, 0.72]
    assert below.get_ylabel() == "accuracy"


def test_the_kept_epoch_is_that_of_the_lowest_validation_loss():
    figure = learning_curves({"one": curves()}, {"one": "accuracy"})
    dashed = [line.get_xdata()[0] for axes in figure.axes for line in axes.lines if line.get_color() == MUTED]
    assert dashed == [2, 2]


def test_it_becomes_a_picture():
    assert figures.raster(learning_curves({"one": curves()}, {"one": "accuracy"}))[0][:4] == b"\x89PNG"


def test_a_network_without_the_name_of_its_measure_is_refused():
    said = "learning_curves draws 1 to 3 networks .* got curves of one and measures of none"
    with pytest.raises(ValueError, match=said):
        learning_curves({"one": curves()}, {})


def test_curves_without_a_column_are_refused():
    with pytest.raises(ValueError, match="the curves of one have no validation loss"):
        learning_curves({"one": curves().drop(columns="validation loss")}, {"one": "accuracy"})
