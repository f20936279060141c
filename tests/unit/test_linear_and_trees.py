"""Lines, optimizers, trees and boosting equal the libraries'."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.linear_model import LinearRegression
from sklearn.metrics import get_scorer
from sklearn.preprocessing import PolynomialFeatures
from sklearn.tree import DecisionTreeRegressor

from mlfa.exercises import check_permuted, check_prices
from mlfa.scoring.variance import bias_and_variance
from mlfa.tabular import linear, optimizers, rivals
from mlfa.tabular.boosting import ABSOLUTE, SQUARED, BoostedTrees
from mlfa.tabular.floors import linear_floors
from mlfa.tabular.trees import best_split, grow, predict_tree, split_errors


@pytest.fixture
def data() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 4))
    return X, X @ [1.0, -2.0, 0.5, 0.0] + 3 + 0.1 * rng.normal(size=60)


@given(seed=st.integers(0, 1000))
def test_gradient_equals_autograd(seed: int) -> None:
    rng = np.random.default_rng(seed)
    X, y, w = rng.normal(size=(7, 3)), rng.normal(size=7), rng.normal(size=3)
    w_torch = torch.tensor(w, requires_grad=True)
    torch.nn.functional.mse_loss(torch.tensor(X) @ w_torch, torch.tensor(y)).backward()
    np.testing.assert_allclose(linear.gradient(X, y, w), w_torch.grad.numpy(), atol=1e-12)


def test_descent_reaches_least_squares(data) -> None:
    X, y = data
    A = linear.add_ones(X)
    run = linear.gradient_descent(A, y, np.zeros(5), learning_rate=0.1, steps=2000)
    library = LinearRegression().fit(X, y)
    np.testing.assert_allclose(run.w, [library.intercept_, *library.coef_], atol=1e-10)
    np.testing.assert_allclose(linear.least_squares(A, y), run.w, atol=1e-10)
    assert run.weights.shape == (2001, 5) and run.losses.shape == (2001,)
    assert np.all(np.diff(run.losses) <= 1e-12)


def test_start_is_not_changed(data) -> None:
    X, y = data
    w = np.zeros(4)
    linear.gradient_descent(X, y, w, learning_rate=0.1, steps=3)
    assert not w.any()


def test_one_batch_of_all_samples_is_gradient_descent(data) -> None:
    X, y = data
    settings = {"learning_rate": 0.05}
    full = linear.gradient_descent(X, y, np.zeros(4), steps=5, **settings)
    one = linear.stochastic_gradient_descent(X, y, np.zeros(4), epochs=5, batch_size=len(y), seed=0, **settings)
    np.testing.assert_allclose(one.weights, full.weights, atol=1e-12)


def test_minibatches_depend_on_the_seed_alone(data) -> None:
    X, y = data

    def run(seed: int) -> np.ndarray:
        return linear.stochastic_gradient_descent(
            X, y, np.zeros(4), learning_rate=0.05, epochs=2, batch_size=8, seed=seed
        ).w

    np.testing.assert_array_equal(run(1), run(1))
    assert not np.array_equal(run(1), run(2))


def test_linear_refuses(data) -> None:
    X, y = data
    with pytest.raises(ValueError, match=r"w must have shape \(d=4,\), got \(3,\)"):
        linear.predict(X, np.zeros(3))
    with pytest.raises(ValueError, match=r"y must have shape \(n=60,\), got \(59,\)"):
        linear.gradient(X, y[:-1], np.zeros(4))
    with pytest.raises(ValueError, match=r"X must have shape \(n, d\), got \(4,\)"):
        linear.add_ones(X[0])


@pytest.mark.parametrize(
    "call",
    [
        linear.training_loss,
        linear.gradient,
        lambda X, y, w: linear.least_squares(X, y),
        lambda X, y, w: linear.gradient_descent(X, y, w, learning_rate=0.1, steps=2),
        lambda X, y, w: linear.stochastic_gradient_descent(X, y, w, learning_rate=0.1, epochs=1, batch_size=2, seed=0),
    ],
)
def test_a_column_of_targets_does_not_broadcast(call) -> None:
    """With y of shape (3, 1), the loss of the perfect weight would be 5.33 in the place of 0."""
    X, y, w = np.array([[1.0], [2.0], [3.0]]), np.array([2.0, 4.0, 6.0]), np.array([2.0])
    call(X, y, w)
    with pytest.raises(ValueError, match=r"y must have shape \(n=3,\), got \(3, 1\)"):
        call(X, y[:, None], w)
    assert linear.training_loss(X, y, w) == 0 and linear.gradient(X, y, w) == 0


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (lambda: optimizers.GradientDescent(learning_rate=0.1), lambda p: torch.optim.SGD(p, lr=0.1)),
        (
            lambda: optimizers.Momentum(learning_rate=0.1, momentum=0.9),
            lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9),
        ),
        (lambda: optimizers.Adam(learning_rate=0.1), lambda p: torch.optim.Adam(p, lr=0.1)),
        (
            lambda: optimizers.Adam(learning_rate=0.01, beta1=0.8, beta2=0.95, epsilon=1e-3),
            lambda p: torch.optim.Adam(p, lr=0.01, betas=(0.8, 0.95), eps=1e-3),
        ),
    ],
    ids=["gradient descent", "momentum", "adam", "adam with other settings"],
)
def test_optimizers_equal_torch_step_by_step(ours, theirs) -> None:
    rng = np.random.default_rng(0)
    w, gradients = rng.normal(size=5), rng.normal(size=(30, 5))
    parameter = torch.tensor(w, requires_grad=True)
    optimizer, library = ours(), theirs([parameter])
    for gradient in gradients:
        w = optimizer.step(w, gradient)
        parameter.grad = torch.tensor(gradient)
        library.step()
        np.testing.assert_allclose(w, parameter.detach().numpy(), atol=1e-12)


def test_minimize_finds_the_lowest_point() -> None:
    path = optimizers.minimize(
        lambda w: 2 * w, np.array([1.0, -1.0]), optimizers.GradientDescent(learning_rate=0.1), steps=100
    )
    assert path.shape == (101, 2)
    np.testing.assert_allclose(path[-1], 0, atol=1e-8)


# Few different values, so that ties and duplicates are the rule.
tables = st.integers(4, 25).flatmap(
    lambda n: st.tuples(
        st.lists(st.lists(st.integers(-3, 3), min_size=2, max_size=2), min_size=n, max_size=n),
        st.lists(st.integers(-5, 5), min_size=n, max_size=n),
    )
)


def error_of(tree: DecisionTreeRegressor, X: np.ndarray, y: np.ndarray) -> float:
    return float(np.sum((y - tree.predict(X)) ** 2))


@given(tables)
def test_best_split_is_as_good_as_scikit_learns(table) -> None:
    X, y = np.array(table[0], float), np.array(table[1], float)
    cut = best_split(X, y)
    if cut is None:
        assert np.ptp(X, axis=0).max() == 0
        return
    library = DecisionTreeRegressor(max_depth=1, random_state=0).fit(X, y)
    assert cut.error == pytest.approx(error_of(library, X, y), abs=1e-9)
    left = X[:, cut.feature] <= cut.threshold
    by_hand = sum(np.sum((part - part.mean()) ** 2) for part in (y[left], y[~left]))
    assert cut.error == pytest.approx(by_hand, abs=1e-9)


def test_one_split_equals_scikit_learns(data) -> None:
    X, y = data
    cut = best_split(X, y)
    library = DecisionTreeRegressor(max_depth=1).fit(X, y).tree_
    assert cut.feature == library.feature[0]
    assert cut.threshold == pytest.approx(library.threshold[0], abs=1e-6)


@pytest.mark.parametrize("depth", [1, 2, 4, 20])
def test_a_tree_equals_scikit_learns(data, depth: int) -> None:
    X, y = data
    library = DecisionTreeRegressor(max_depth=depth, random_state=0).fit(X, y)
    np.testing.assert_allclose(predict_tree(grow(X, y, max_depth=depth), X), library.predict(X), atol=1e-9)


@given(tables)
def test_no_leaf_is_smaller_than_allowed(table) -> None:
    X, y = np.array(table[0], float), np.array(table[1], float)

    def leaves(node):
        return [node.n_samples] if node.cut is None else leaves(node.left) + leaves(node.right)

    assert min(leaves(grow(X, y, max_depth=5, min_samples_leaf=2))) >= 2
    assert sum(leaves(grow(X, y, max_depth=5))) == len(y)


def test_constant_features_cannot_be_split() -> None:
    assert best_split(np.ones((5, 2)), np.arange(5.0)) is None
    thresholds, errors = split_errors(np.ones(5), np.arange(5.0))
    assert thresholds.size == errors.size == 0


def test_trees_refuse(data) -> None:
    X, y = data
    with pytest.raises(ValueError, match="X has 60, y has 3"):
        best_split(X, y[:3])
    X[3, 1] = np.nan  # no threshold parts it: it would go to one side without a word
    with pytest.raises(ValueError, match="X must be finite, got 1 value"):
        best_split(X, y)
    model = BoostedTrees(n_trees=3)
    for call in (model.predict, model.staged_predict):
        with pytest.raises(ValueError, match="BoostedTrees is not fitted: call fit first"):
            call(X)
    with pytest.raises(ValueError, match="X must be finite"):
        model.fit(np.nan_to_num(X), y).predict(X)


@pytest.mark.parametrize("depth", [1, 3])
@settings(max_examples=10)
@given(seed=st.integers(0, 100))
def test_boosting_equals_scikit_learn(depth: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(80, 3)), rng.normal(size=80)
    ours = BoostedTrees(n_trees=25, learning_rate=0.2, max_depth=depth).fit(X, y)
    library = GradientBoostingRegressor(n_estimators=25, learning_rate=0.2, max_depth=depth, random_state=0).fit(X, y)
    for ours_stage, their_stage in zip(ours.staged_predict(X)[1:], library.staged_predict(X), strict=True):
        np.testing.assert_allclose(ours_stage, their_stage, atol=1e-8)
    np.testing.assert_allclose(ours.predict(X), library.predict(X), atol=1e-8)


@pytest.mark.parametrize("seed", [0, 1, 2, 4, 5, 6])  # no two questions are equally good
def test_boosting_of_the_absolute_loss_equals_scikit_learn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(201, 1))
    y = np.sin(2 * X[:, 0]) + 0.2 * rng.normal(size=201)
    # Of an even number of residuals the library takes the lower one in the middle.
    loss = ABSOLUTE._replace(leaf=lambda residuals: np.sort(residuals)[(len(residuals) - 1) // 2])
    shape = {"learning_rate": 0.3, "max_depth": 1}
    ours = BoostedTrees(n_trees=8, loss=loss, **shape).fit(X, y)
    library = GradientBoostingRegressor(n_estimators=8, loss="absolute_error", random_state=0, **shape).fit(X, y)
    assert ours.start == np.median(y)
    np.testing.assert_allclose(ours.predict(X), library.predict(X), atol=1e-8)


@pytest.mark.parametrize("loss", [SQUARED, ABSOLUTE])
def test_a_loss_of_boosting_is_what_it_says(loss) -> None:
    """Its slope is minus the derivative of the loss, and its constants lower the loss most."""
    y = np.array([3.0, -1.0, 0.5, 8.0, 2.0])
    power = 2 if loss is SQUARED else 1

    def total(y_pred):
        return np.sum(np.abs(y - y_pred) ** power) / power

    y_pred, step = np.full(5, 1.2), 1e-6
    numeric = [(total(y_pred - step * unit) - total(y_pred + step * unit)) / (2 * step) for unit in np.eye(5)]
    np.testing.assert_allclose(loss.slope(y - y_pred), numeric, atol=1e-6)
    for constant in (loss.start(y), 1.2 + loss.leaf(y - 1.2)):
        assert total(constant) <= min(total(c) for c in np.linspace(-2, 9, 1101)) + 1e-9


def test_full_steps_of_the_absolute_loss_never_raise_it(data) -> None:
    X, y = data
    stages = BoostedTrees(n_trees=10, learning_rate=1, max_depth=2, loss=ABSOLUTE).fit(X, y).staged_predict(X)
    losses = np.abs(y - stages).mean(axis=1)
    assert np.all(np.diff(losses) <= 1e-12) and losses[-1] < losses[0] / 2


def test_the_floors_are_those_of_their_libraries(data) -> None:
    X, y = data
    X = X.copy()
    X[0, 0] = 50.0  # a value to clip
    low, high = np.quantile(X, [0.1, 0.9], axis=0)
    clipped = np.clip(X, low, high)
    found = linear_floors(X, y, X + 0.3, line_share=0.1, quadratic_share=0.1)
    assert list(found) == ["mean", "line", "clipped line", "clipped quadratic"]
    np.testing.assert_allclose(found["mean"], y.mean())
    np.testing.assert_allclose(found["line"], LinearRegression().fit(X, y).predict(X + 0.3), atol=1e-9)
    new = np.clip(X + 0.3, low, high)
    np.testing.assert_allclose(found["clipped line"], LinearRegression().fit(clipped, y).predict(new), atol=1e-9)
    square = PolynomialFeatures(2)
    library = LinearRegression().fit(square.fit_transform(clipped), y).predict(square.transform(new))
    np.testing.assert_allclose(found["clipped quadratic"], library, atol=1e-7)


def test_rivals_are_the_floors_and_the_trees_of_the_library(data) -> None:
    X, y = data
    grid = {"tree, by depth": 3, "tree, by leaves": 5, "tree, pruned": 0.01}
    found = rivals.predict_rivals(X, y, X + 0.3, {"clipped line": 0.1, "clipped quadratic": 0.05} | grid)
    floors = linear_floors(X, y, X + 0.3, line_share=0.1, quadratic_share=0.05)
    assert list(found) == [*floors, *rivals.LIMITS]
    for name, y_pred in floors.items():
        np.testing.assert_array_equal(found[name], y_pred)
    for (name, value), limit in zip(grid.items(), rivals.LIMITS.values(), strict=True):
        tree = DecisionTreeRegressor(**{limit: value}, random_state=0).fit(X, y)
        np.testing.assert_array_equal(found[name], tree.predict(X + 0.3))


def test_settings_of_rivals_have_the_lowest_error_of_their_grid(data) -> None:
    X, y = data
    errors = rivals.setting_errors(X[:40], y[:40], X[40:], y[40:])
    best = rivals.best_settings(errors)
    y_preds = rivals.predict_rivals(X[:40], y[:40], X[40:], best)
    for name, values in rivals.GRIDS.items():
        assert list(errors[name]) == values
        assert errors[name][best[name]] == min(errors[name].values())
        assert np.sqrt(np.mean((y_preds[name] - y[40:]) ** 2)) == pytest.approx(errors[name][best[name]])


def test_bias_and_variance_are_those_that_were_put_in() -> None:
    rng = np.random.default_rng(0)
    y_preds = 3 + 2 * rng.normal(size=(5, 200_000))  # bias 3, variance 4
    left, variance = bias_and_variance(y_preds, rng.normal(size=200_000))  # noise 1
    assert left == pytest.approx(10, rel=0.02) and variance == pytest.approx(4, rel=0.02)


def test_the_prices_of_branches_are_those_of_the_library(data) -> None:
    """The cheapest branch is the one that scikit-learn prunes first, at this price."""
    X, y = data
    model = DecisionTreeRegressor(max_depth=4, random_state=0).fit(X, y)
    tree = model.tree_
    cost = tree.impurity * tree.n_node_samples / len(y)
    below = [[k] for k in range(tree.node_count)]
    for k in reversed(range(tree.node_count)):  # children have higher numbers
        if tree.children_left[k] >= 0:
            below[k] += below[tree.children_left[k]] + below[tree.children_right[k]]
    inner = np.flatnonzero(tree.children_left >= 0)
    ends = [[j for j in below[k] if tree.children_left[j] < 0] for k in inner]
    prices = check_prices.reference(
        cost[inner], np.array([cost[e].sum() for e in ends]), np.array([len(e) for e in ends])
    )
    path = model.cost_complexity_pruning_path(X, y)
    assert prices.min() == pytest.approx(path.ccp_alphas[1])


def test_the_rise_is_the_librarys_permutation_importance(data) -> None:
    X, y = data
    model = LinearRegression().fit(X, y)
    order = np.random.default_rng(1).permutation(len(y))
    shuffled = X.copy()
    shuffled[:, 1] = X[order, 1]
    score = get_scorer("neg_root_mean_squared_error")
    expected = score(model, X, y) - score(model, shuffled, y)
    assert check_permuted.reference(model.predict, X, y, 1, order) == pytest.approx(expected)
    assert expected > 1
