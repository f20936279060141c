"""A stranger's file is read as it is, or refused with words that say where to look."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from torchvision import datasets, transforms

from mlfa.datasets import (
    FolderError,
    TableError,
    read_image,
    read_image_folder,
    read_table,
    repeated_rows,
    suspicious_columns,
)
from mlfa.scoring.splitting import apply_split, split_indices

GOOD = "name,size,color,price\nann, 1.5 ,red,10\nbob,,blue,20\ncy,-3e1,red,30\n"


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "table.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_a_table_is_read_with_its_holes_and_words(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, GOOD), "price", text=["color"], leave_out=["name"])
    assert table.numeric == ["size"] and table.text == ["color"] and table.class_names == []
    np.testing.assert_array_equal(table.X["size"], [1.5, np.nan, -30])
    assert table.X["color"].tolist() == ["red", "blue", "red"]
    np.testing.assert_array_equal(table.y, [10.0, 20.0, 30.0])


def test_a_target_of_words_becomes_class_numbers(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, GOOD), "color", text=["color"], leave_out=["name"])
    assert table.class_names == ["blue", "red"] and table.y.tolist() == [1, 0, 1] and table.y.dtype.kind == "i"
    assert table.numeric == ["size", "price"] and table.text == []


def test_codes_keep_their_zeros(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "code,y\n007,1\n042,2\n"), "y", text=["code"])
    assert table.X["code"].tolist() == ["007", "042"]


def test_other_separators_decimals_and_encodings(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "a;b\n1,5;2\n-2,25;4\n"), "b", separator=";", decimal=",")
    assert table.X["a"].tolist() == [1.5, -2.25]
    for text in ("a;b\n1.234;2\n", "a;b\n1.234,5;2\n"):  # 1234, by a factor of 1000 more than 1.234
        with pytest.raises(TableError, match=r"column 'a' holds '1\.234.* no number.*between thousands"):
            read_table(write(tmp_path, text), "b", separator=";", decimal=",")
    with pytest.raises(TableError, match=r"column 'a' holds '1,234'"):
        read_table(write(tmp_path, "a;b\n1,234;2\n"), "b", separator=";")
    path = write(tmp_path, "größe,b\n1,2\n", "cp1252")
    assert read_table(path, "b", encoding="cp1252").numeric == ["größe"]
    with pytest.raises(TableError, match=r"not written in utf-8-sig: try encoding='cp1252'"):
        read_table(path, "b")
    for encoding in ("utf-16", "cp1252"):  # neither is sent back to the encoding that was just tried
        path = write(tmp_path, "a,größe\n1,2\n", encoding)
        with pytest.raises(TableError, match=f"not written in utf-8-sig: try encoding='{encoding}'"):
            read_table(path, "a")
    # A spreadsheet puts an invisible mark before the first name.
    assert read_table(write(tmp_path, "\ufeffa,b\n1,2\n"), "a").y.tolist() == [1.0]


def test_marks_of_holes_belong_to_columns(tmp_path: Path) -> None:
    """A glucose of 0 is a hole, and children 0 are none; -999 is also -999.0; usual marks stay marks."""
    text = "glucose,children,size,y\n0,0,-999.0,1\n90,2,5,2\n,1,-999,3\n"
    table = read_table(write(tmp_path, text), "y", missing={"glucose": ["0"], "size": ["-999"]})
    np.testing.assert_array_equal(table.X["glucose"], [np.nan, 90, np.nan])
    np.testing.assert_array_equal(table.X["size"], [np.nan, 5, np.nan])
    assert table.X["children"].tolist() == [0, 2, 1]
    with pytest.raises(TableError, match=r"no column 'sugar'"):
        read_table(write(tmp_path, text), "y", missing={"sugar": ["0"]})
    words = read_table(write(tmp_path, "a,y\nnone,1\nred,2\n"), "y", text=["a"], missing={"a": ["none"]})
    assert words.X["a"].isna().tolist() == [True, False]


def test_signs_between_thousands_are_read_or_refused(tmp_path: Path) -> None:
    """A thousand is never read as one: neither 1,140 with a decimal comma nor 1.200."""
    english, german = 'a,b\n"1,140",2\n918,3\n"1,234,567.5",4\n', "a;b\n1.140;2\n918;3\n1.234.567,5;4\n"
    right = [1140.0, 918.0, 1234567.5]
    assert read_table(write(tmp_path, english), "b", thousands=",").X["a"].tolist() == right
    path = write(tmp_path, german)
    assert read_table(path, "b", separator=";", decimal=",", thousands=".").X["a"].tolist() == right
    with pytest.raises(TableError, match=r"'a' holds '1,140'.*`thousands`"):
        read_table(write(tmp_path, english), "b")
    for text in ("a;b\n1,140;2\n918;3\n", "a;b\n1,140;2\n2,300;3\n"):
        with pytest.raises(TableError, match=r"'a' holds '1,140'.*always three digits.*thousands=','"):
            read_table(write(tmp_path, text), "b", separator=";", decimal=",")
        told = read_table(write(tmp_path, text), "b", separator=";", decimal=",", thousands=".")
        assert told.X["a"][0] == 1.14, "who says that points stand between thousands means a decimal comma"
    for wrong in ("1,2", "12,34", "1,1400", ",140"):  # no groups of three
        with pytest.raises(TableError, match="no number"):
            read_table(write(tmp_path, f'a,b\n"{wrong}",2\n'), "b", thousands=",")
    # Three digits after a zero are decimals, and so are others beside them.
    assert read_table(write(tmp_path, "a;b\n0,140;2\n"), "b", separator=";", decimal=",").X["a"][0] == 0.14
    assert read_table(write(tmp_path, "a;b\n1,140;2\n1,5;3\n"), "b", separator=";", decimal=",").X["a"][1] == 1.5


@pytest.mark.parametrize("start", [b"PK\x03\x04", b"\xd0\xcf\x11\xe0"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_a_spreadsheet_is_told_from_a_wrong_encoding(tmp_path: Path, start: bytes, encoding: str) -> None:
    path = tmp_path / "table.xlsx"
    path.write_bytes(start + bytes(range(128, 256)))
    with pytest.raises(TableError, match=f"not written in {encoding}: save it as CSV in UTF-8"):
        read_table(path, "y", encoding=encoding)


def test_what_pandas_reads_is_what_we_read(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(40, 5)), columns=list("abcde"))
    frame[rng.random(frame.shape) < 0.2] = np.nan
    frame["y"] = rng.normal(size=40)
    frame.to_csv(tmp_path / "t.csv", index=False)
    table = read_table(tmp_path / "t.csv", "y")
    pd.testing.assert_frame_equal(table.X, frame[list("abcde")], check_names=False, rtol=1e-12)
    np.testing.assert_allclose(table.y, frame["y"], rtol=1e-12)


@pytest.mark.parametrize(
    ("text", "settings", "message"),
    [
        (GOOD, {"target": "cost"}, r"no column 'cost'; its columns are name, size, color, price"),
        (GOOD, {"leave_out": ["nam"]}, r"no column 'nam'"),
        (GOOD, {"text": ["name", "color"], "leave_out": ["price"]}, r"target must not be left out"),
        (GOOD, {"text": ["name"]}, r"column 'color' holds 'red' in 3 rows \(1, 2, 3\).*`text`"),
        (GOOD.replace("bob,", "bob,1 234"), {"text": ["name", "color"]}, r"'size' holds '1 234' in row 2"),
        (GOOD.replace("1.5", "inf"), {"text": ["name", "color"]}, r"'size' holds 'inf' in row 1"),
        (GOOD.replace("20", "?"), {"text": ["name", "color"]}, r"target 'price' is missing in row 2"),
        (GOOD.replace("size", "name"), {}, r"a name of its own, got 'name'"),
        (GOOD.replace("size", ""), {}, r"a name of its own"),
        (GOOD.replace(",blue,20", ""), {}, r"names 4 columns; another number of cells is in row 2"),
        (GOOD.replace("red,10", "red,10,1"), {}, r"another number of cells is in row 1"),
        (GOOD.replace("ann", '"ann'), {}, r"not a table of separated values"),
        (GOOD, {"separator": ";"}, r"several columns, got .*separator ';'"),
        ("a,b\n", {"target": "a"}, r"no rows"),
        ("", {}, r"several columns, got \[\]"),
        ("a,b\n,1\n,2\n", {"target": "b"}, r"column 'a' is empty"),
        ("a,b\n3,1\n", {"target": "b", "leave_out": ["a"]}, r"no column but the target"),
    ],
)
def test_what_is_wrong_with_a_table_is_said(tmp_path: Path, text: str, settings: dict, message: str) -> None:
    with pytest.raises(TableError, match=message):
        read_table(write(tmp_path, text), **({"target": "price"} | settings))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"nothing\.csv"):  # Python's own words
        read_table(tmp_path / "nothing.csv", "y")


def test_suspicious_columns_are_found_and_others_are_not() -> None:
    rng = np.random.default_rng(0)
    y = rng.normal(size=50)
    X = pd.DataFrame(
        {
            "id": rng.permutation(50),
            "name": [f"n{i}" for i in range(50)],
            "answer": np.exp(y),
            "opposite": -y,
            "one": np.ones(50),
            "fine": y + rng.normal(size=50),
            "color": rng.choice(["red", "blue"], size=50),
            "holes": np.where(rng.random(50) < 0.5, np.nan, y + rng.normal(size=50)),
        }
    )
    assert list(suspicious_columns(X, y)) == ["id", "name", "answer", "opposite", "one"]
    with pytest.raises(ValueError, match="same length"):
        suspicious_columns(X, y[:-1])
    copied = pd.concat([X, X.iloc[:2]], ignore_index=True)  # two rows twice hide no number of persons
    assert {"id", "name"} <= set(suspicious_columns(copied, np.append(y, y[:2])))


def test_repeated_rows_with_holes_are_found() -> None:
    frame = pd.DataFrame({"a": [1.0, np.nan, 1.0, np.nan, np.nan], "b": ["x", "y", "x", "y", None]})
    assert repeated_rows(frame.itertuples(index=False)) == [[0, 2], [1, 3]]


@given(st.lists(st.integers(0, 5), max_size=12))
def test_repeated_rows_are_all_found(values: list[int]) -> None:
    groups = repeated_rows(values)
    assert sorted(i for group in groups for i in group) == [i for i, v in enumerate(values) if values.count(v) > 1]
    assert all(len({values[i] for i in group}) == 1 and group == sorted(group) for group in groups)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Three classes of color images of one size, in two formats, and a file that a system left there."""
    rng = np.random.default_rng(0)
    for name, n in (("cat", 3), ("ant", 2), ("bee", 1)):
        (tmp_path / name).mkdir()
        for i in range(n):
            image = Image.fromarray(rng.integers(0, 256, size=(6, 9, 3), dtype=np.uint8))
            image.save(tmp_path / name / f"{i}.{'png' if i else 'jpg'}")
    (tmp_path / "cat" / ".DS_Store").write_bytes(b"x")
    (tmp_path / ".thumbnails").mkdir()
    return tmp_path


@pytest.mark.parametrize("size", [None, (4, 5), (12, 10)])
@pytest.mark.parametrize("channels", [1, 3])
def test_a_folder_is_read_as_torchvision_reads_it(root: Path, channels: int, size: tuple[int, int] | None) -> None:
    steps = [transforms.Grayscale()] if channels == 1 else []
    steps += [transforms.Resize(size)] if size else []
    (root / ".thumbnails").rmdir()  # torchvision takes it for a class
    theirs = datasets.ImageFolder(root, transforms.Compose([*steps, transforms.PILToTensor()]))
    ours = read_image_folder(root, channels=channels, size=size)
    assert ours.class_names == theirs.classes == ["ant", "bee", "cat"]
    assert ours.X.dtype == torch.uint8 and ours.y.dtype == torch.int64
    assert [str(path) for path in ours.paths] == [path for path, _ in theirs.samples]
    assert ours.y.tolist() == theirs.targets
    for image, (expected, _) in zip(ours.X, theirs, strict=True):
        # Gray before or after scaling may round differently, by one step of 255.
        assert torch.all((image.int() - expected.int()).abs() <= (1 if channels == 1 and size else 0))


def test_a_photo_is_turned_upright(root: Path) -> None:
    pixels = np.zeros((9, 6, 3), dtype=np.uint8)
    pixels[0] = 255  # bright at the top when upright
    exif = Image.Exif()
    exif[0x0112] = 6  # "turn by 90 degrees clockwise to view"
    Image.fromarray(np.rot90(pixels)).save(root / "ant" / "2.png", exif=exif)
    with pytest.raises(FolderError, match="9 x 6 in 1 files"):
        read_image_folder(root)
    for path in [*root.glob("*/0.jpg"), *root.glob("*/1.png"), root / "cat" / "2.png"]:
        path.unlink()
    Image.fromarray(pixels).save(root / "cat" / "a.png")
    Image.fromarray(pixels).save(root / "bee" / "a.png")
    X = read_image_folder(root).X
    assert X.shape == (3, 3, 9, 6) and torch.equal(X[0], X[1])


@pytest.mark.parametrize(
    ("spoil", "settings", "message"),
    [
        (
            lambda r: (r / "ant" / "2.png").write_text("no image"),
            {},
            r"ant.2\.png cannot be read as an image .not a known format",
        ),
        (
            lambda r: (r / "ant" / "notes.txt").write_text("no image"),
            {},
            r"notes\.txt cannot be read as an image .not a known format",
        ),
        (lambda r: truncate(r / "cat" / "2.png"), {}, r"cat.2\.png cannot be read as an image .*truncated"),
        (lambda r: (r / "dog").mkdir(), {}, r"folder .*dog is empty"),
        (lambda r: (r / "bee" / "more").mkdir(), {}, r"directly in the folder of their class, found a folder .*more"),
        (lambda r: Image.new("RGB", (5, 4)).save(r / "bee" / "x.png"), {}, r"6 x 9 in 6 files.*4 x 5 in 1 files"),
        (lambda r: Image.new("I;16", (9, 6)).save(r / "bee" / "x.png"), {}, r"x\.png has more than one byte"),
        (lambda r: None, {"size": (5000, 5000)}, r"6 images of 5000 x 5000 fill 450 MB, more than most_mb=100"),
    ],
)
def test_what_is_wrong_with_a_folder_is_said(root: Path, spoil, settings: dict, message: str) -> None:
    spoil(root)
    with pytest.raises(FolderError, match=message):
        read_image_folder(root, **({"most_mb": 100} | settings))


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def test_a_folder_without_classes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nothing"):  # Python's own words
        read_image_folder(tmp_path / "nothing")
    Image.new("L", (4, 4)).save(tmp_path / "a.png")
    with pytest.raises(FolderError, match="at least two classes, found 0"):
        read_image_folder(tmp_path)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"channels": 2}, r"channels must be 1 \(gray\) or 3 \(color\), got 2"),
        ({"size": (0, 4)}, "the height of size must be a whole number of at least 1, got 0"),
        ({"size": (4, 2.5)}, r"the width of size must be a whole number of at least 1, got 2\.5"),
        ({"size": 28}, r"size must be a pair \(height, width\), got 28"),
        ({"size": (28,)}, r"size must be a pair \(height, width\), got \(28,\)"),
    ],
)
def test_settings_that_make_no_sense_are_refused(root: Path, settings: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_image_folder(root, **settings)


def save_glyph(path: Path, mode: str) -> None:
    """A dark pixel on a transparent ground, below which the color is black."""
    pixels = np.zeros((3, 4, 4), dtype=np.uint8)
    pixels[1, 2] = (50, 50, 50, 255)
    image = Image.fromarray(pixels)
    if mode == "P":  # a palette whose first color is transparent
        image = Image.fromarray(pixels[:, :, 3] // 255)
        image.putpalette([0, 0, 0, 50, 50, 50])
        image.save(path, transparency=0)
    else:
        image.convert(mode).save(path)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
@pytest.mark.parametrize("channels", [1, 3])
def test_what_is_transparent_becomes_white(tmp_path: Path, mode: str, channels: int) -> None:
    expected = torch.full((channels, 3, 4), 255, dtype=torch.uint8)
    expected[:, 1, 2] = 50
    for name in "ab":
        (tmp_path / name).mkdir()
        save_glyph(tmp_path / name / "glyph.png", mode)
    for image in read_image_folder(tmp_path, channels=channels).X:
        assert torch.equal(image, expected)


def test_pictures_of_all_kinds_become_one_block(tmp_path: Path) -> None:
    """One red block on white, as RGBA, WebP, CMYK, gray, palette and one-bit files of different sizes."""
    files = {}
    for k, (name, mode) in enumerate(
        {"a.png": "RGBA", "b.webp": "RGB", "c.jpg": "CMYK", "d.png": "L", "e.gif": "P", "f.bmp": "1"}.items()
    ):
        glyph = Image.new("RGBA", (40 + 4 * k, 60 + 6 * k))  # transparent, and black below
        glyph.paste((178, 34, 34, 255), (10, 15, 30, 45))
        white = Image.alpha_composite(Image.new("RGBA", glyph.size, "white"), glyph).convert("RGB")
        files[name] = glyph if mode == "RGBA" else white.convert(mode)
    for name, image in files.items():
        (tmp_path / name[0]).mkdir()
        image.save(tmp_path / name[0] / name)
    with pytest.raises(FolderError, match=r"60 x 40 in 1 files.*Or give `size`"):
        read_image_folder(tmp_path)
    X = read_image_folder(tmp_path, size=(30, 20)).X.int()
    assert X.shape == (6, 3, 30, 20) and X[:, :, 0, 0].min() >= 250
    red = torch.tensor([178, 34, 34])
    assert (X[[0, 1, 2, 4], :, 13, 8] - red).abs().max() < 12
    gray = read_image_folder(tmp_path, channels=1, size=(30, 20)).X.int()[:5, 0, 13, 8]
    assert (gray - gray[0]).abs().max() < 6


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("notes.txt", b"blurred: 3, 4"),
        ("phone.heic", b"\0\0\0\x18ftypheic"),
        ("drawing.svg", b"<svg/>"),
        ("empty.png", b""),
    ],
)
def test_what_is_no_picture_is_named(root: Path, name: str, content: bytes) -> None:
    (root / "bee" / name).write_bytes(content)
    for settings in ({}, {"size": (4, 4)}):
        with pytest.raises(FolderError, match=rf"bee.{name} cannot be read as an image .*take it out"):
            read_image_folder(root, **settings)


def test_the_phones_format_is_told_how_to_convert(root: Path) -> None:
    (root / "bee" / "phone.HEIC").write_bytes(b"\0\0\0\x18ftypheic")
    with pytest.raises(FolderError, match="save it as JPEG or PNG"):
        read_image_folder(root)


def test_the_reviews_messy_table_ends_in_the_truth(tmp_path: Path) -> None:
    """600 flats: an id, fifty towns, two date formats, n/a, 4+ and -999, rents as 1,140, 14 without one, copies."""
    rng = np.random.default_rng(0)
    n = 600
    towns = np.array([f"town {k:02}" for k in range(50)])[rng.integers(50, size=n)]
    size, rooms = rng.uniform(20, 150, n).round(1), rng.integers(1, 6, n)
    rent = (300 + 12 * size + rng.normal(0, 50, n)).round()
    days = pd.Timestamp("2023-01-01") + pd.to_timedelta(rng.integers(0, 300, n), "D")
    ways = np.where(np.arange(n) % 2, "%Y-%m-%d", "%d.%m.%Y")
    frame = pd.DataFrame(
        {
            "id": rng.permutation(n),
            "listed": [day.strftime(way) for day, way in zip(days, ways, strict=True)],
            "town": towns,
            "size": [f"{v}" if k % 40 else "n/a" for k, v in enumerate(size)],
            "rooms": [f"{v}" if k % 50 else "-999" for k, v in enumerate(rooms)],
            "floor": np.where(rng.random(n) < 0.05, "4+", rng.integers(0, 4, n).astype(str)),
            "rent": [f"{v:,.0f}" for v in rent],
        }
    )
    frame.loc[:13, "rent"] = ""
    frame = pd.concat([frame, frame.iloc[100:105]], ignore_index=True)
    path = tmp_path / "rentals.csv"
    frame.to_csv(path, index=False)
    settings: dict = {}
    for complaint, more in [
        (r"'listed' holds '01\.\d\d\.2023'|'listed' holds", {"text": ["town", "floor"], "leave_out": ["listed"]}),
        (r"'size' holds 'n/a'.*`missing`", {"missing": {"size": ["n/a"], "rooms": ["-999"]}}),
        (r"'rent' holds '\d,\d{3}' in .*`thousands`", {"thousands": ","}),
        (r"target 'rent' is missing in 14 rows \(1, 2, 3, ...\)", None),
    ]:
        with pytest.raises(TableError, match=complaint):
            read_table(path, "rent", **settings)
        settings |= more or {}
    frame[frame["rent"] != ""].to_csv(path, index=False)  # what the page does in its script
    table = read_table(path, "rent", **settings)
    np.testing.assert_array_equal(table.y[:586], rent[14:])
    assert table.X["rooms"].isna().sum() == 12 and table.X["rooms"].min() == 1 and table.X["size"].isna().sum() == 14
    assert "id" in suspicious_columns(table.X, table.y)
    found = repeated_rows(table.X.drop(columns="id").itertuples(index=False))
    assert [[k, 586 + k - 86] for k in range(86, 91)] == [pair for pair in found if pair[1] >= 586]
    prepare = make_column_transformer(
        (make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), table.numeric),
        (OneHotEncoder(handle_unknown="ignore", sparse_output=False), table.text),
    )
    X = prepare.fit_transform(table.X)
    assert isinstance(X, np.ndarray) and np.isfinite(X).all() and X.shape[1] > 50
    assert torch.tensor(X, dtype=torch.float32).shape == X.shape


def test_rows_of_a_shuffled_table_are_picked_by_place() -> None:
    frame = pd.DataFrame({"a": range(30), "y": range(30)}).sample(frac=1, random_state=0)
    (X_train, y_train), _, _ = apply_split(split_indices(30, seed=0), frame[["a"]], frame["y"])
    assert (X_train["a"].to_numpy() == y_train.to_numpy()).all()


@pytest.mark.parametrize("channels", [1, 3])
def test_one_image_is_read_as_in_its_folder(root: Path, channels: int) -> None:
    images = read_image_folder(root, channels=channels, size=(5, 4))
    for X, path in zip(images.X, images.paths, strict=True):
        assert torch.equal(read_image(path, channels=channels, size=(5, 4)), X)
    assert read_image(f"{images.paths[0]}").shape == (3, 6, 9)
    with pytest.raises(ValueError, match=r"size must be a pair"):
        read_image(images.paths[0], size=5)
