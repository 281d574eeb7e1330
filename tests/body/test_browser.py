"""The chart as people use it: touch, keys, list, moving a point, painting; with WebGL and without, in every size and theme."""
import numpy as np
import pytest

from tests.body.waiting import until
from tests.clinic.journeys import accessibility
from waterneedle import knowledge
from waterneedle.body import mesh, pain, placing
from waterneedle.body.cross_section import cross_section
from waterneedle.body.fit import fit

WHERE = """([code, side]) => {
  const chart = document.querySelector("#chart").bodyChart;
  const { xyz } = chart.points.find((point) => point.code === code && point.side === side);
  const box = chart.picture.touched.getBoundingClientRect();
  const [x, y] = chart.stage.where(xyz);
  return [x + box.left, y + box.top];
}"""
EYE = """() => {
  const { orbit } = document.querySelector("#chart").bodyChart.stage;
  return [orbit.azimuth, orbit.distance];
}"""
SHOWN = """() => {
  const { points, list } = document.querySelector("#chart").bodyChart;
  return points.map(({ code }) => code).filter((code) => list.shows(code));
}"""
FIGURE = fit("female", 40, 165, 60)
PERSON = {"sex": "female", "age_years": 40, "height_cm": 165, "weight_kg": 60}


def spot(page, code, side="left"):
    return page.evaluate(WHERE, [code, side])


def options(page):
    return page.get_by_role("listbox").get_by_role("option")


def listed(page):
    """The names in the list; by their text, since what has not been scrolled to is not laid out."""
    return options(page).locator("b").all_text_contents()


def told(page, name):
    return [detail for kind, detail in page.evaluate("window.told") if kind == name]


def see(page, view):
    page.evaluate("(name) => document.querySelector('#chart').bodyChart.show(name, true)", view)
    until(page, "(name) => document.querySelector('.body-picture').dataset.view === name", view)


def drag(page, start, *stops):
    page.mouse.move(*start)
    page.mouse.down()
    for stop in stops:
        page.mouse.move(*stop, steps=4)
    page.mouse.up()


@pytest.mark.parametrize("webgl", [True, False], ids=["in three dimensions", "flat"])
def test_a_touch_chooses_the_nearest_point_and_says_its_millimetres(opened, webgl):
    page = opened(webgl)
    see(page, "left leg, front")
    x, y = spot(page, "ST36")

    page.mouse.click(x + 5, y - 4)
    until(page, "() => !document.querySelector('#chart').bodyChart.isBehind")

    card = page.locator(".body-card:visible")
    assert "足三里" in card.inner_text()
    assert "Zúsānlǐ" in card.inner_text()
    assert "3 cun = " in card.inner_text()
    assert "mm below ST35" in card.inner_text()
    assert card.get_by_role("button", name="left").get_attribute("aria-pressed") == "true"
    [chosen] = told(page, "select")
    assert (chosen["code"], chosen["side"]) == ("ST36", "left")
    [placed] = [one for one in placing.place(FIGURE.coefficients) if (one.code, one.side) == ("ST36", "left")]
    assert chosen["face"] == placed.face
    assert chosen["by"] == "touch"
    assert chosen["weights"] == pytest.approx(placed.barycentric[:2], abs=1e-3)
    assert [chosen[axis] for axis in "xyz"] == pytest.approx(placed.xyz, abs=0.2)


@pytest.mark.parametrize("webgl", [True, False], ids=["in three dimensions", "flat"])
def test_a_touch_is_marked_before_the_body_is_drawn_with_it(opened, webgl):
    page = opened(webgl, has_touch=True)
    see(page, "left leg, front")
    x, y = spot(page, "ST36")
    page.evaluate("""() => addEventListener("pointerup", () => {
        const chart = document.querySelector("#chart").bodyChart;
        chart.setInjections([{ code: "ST36", side: "left", member: null, days: 0, status: "pending" }]);
        window.marks = [...document.querySelectorAll(".body-ink svg")].map((one) => {
            const { x, y, width, height } = one.getBoundingClientRect();
            return [x + width / 2, y + height / 2];
        });
    }, { once: true })""")

    page.touchscreen.tap(x, y)
    until(page, "() => window.marks && !document.querySelector('.body-ink svg')")

    assert page.evaluate("window.marks") == [pytest.approx([x, y], abs=1.5)] * 2  # what is not saved yet, and the ring around it
    drawn = page.evaluate("document.querySelector('#chart').bodyChart.injections.map(({ key, status }) => [key, status])")
    assert drawn == [["ST36 left ", "pending"]]
    assert page.locator(".body-card:visible").get_by_text("足三里").count() == 1


def test_a_mark_does_not_stay_where_the_body_has_moved_away(opened):
    page = opened(has_touch=True)
    see(page, "left leg, front")
    page.evaluate("""() => addEventListener("pointerup", () => {
        const chart = document.querySelector("#chart").bodyChart;
        window.marks = [document.querySelectorAll(".body-ink svg").length];
        chart.stage.zoom(0.8);
        window.marks.push(document.querySelectorAll(".body-ink svg").length, chart.isBehind);
    }, { once: true })""")

    page.touchscreen.tap(*spot(page, "ST36"))

    assert page.evaluate("window.marks") == [1, 0, False]


@pytest.mark.parametrize("webgl", [True, False], ids=["in three dimensions", "flat"])
def test_the_point_under_the_mouse_is_named_without_drawing_the_body(opened, webgl):
    page = opened(webgl)
    see(page, "left leg, front")
    x, y = spot(page, "ST36")
    page.evaluate("""() => {
        const { stage } = document.querySelector("#chart").bodyChart;
        window.asked = 0;
        const ask = stage.ask.bind(stage);
        stage.ask = () => { window.asked += 1; ask(); };
    }""")

    page.mouse.move(x, y)
    until(page, "() => document.querySelector('.body-ink svg')")

    assert page.locator(".body-tip:visible").inner_text().split() == ["ST36", "足三里", "Zúsānlǐ"]
    page.mouse.move(x - 300, y)
    until(page, "() => !document.querySelector('.body-ink svg')")
    assert page.locator(".body-tip:visible").count() == 0
    assert page.evaluate("window.asked") == 0


def test_a_touch_on_the_other_side_of_the_midline_is_the_other_side(opened):
    page = opened()
    see(page, "right leg, front")

    page.mouse.click(*spot(page, "ST36", "right"))

    assert [(one["code"], one["side"]) for one in told(page, "select")] == [("ST36", "right")]


def test_what_chose_a_point_is_told(opened):
    page = opened()
    page.get_by_label("Find a point").fill("st36")
    page.keyboard.press("Enter")

    page.locator(".body-card:visible").get_by_role("button", name="right", exact=True).click()
    page.evaluate("document.querySelector('#chart').bodyChart.select('LI4', 'left')")

    assert [(one["by"], one["code"], one["side"]) for one in told(page, "select")] == [
        ("list", "ST36", "left"), ("side", "ST36", "right"), ("page", "LI4", "left")]


def test_a_point_behind_the_body_is_not_chosen_through_it(opened):
    page = opened()
    x, y = spot(page, "BL23")

    page.mouse.click(x, y)

    assert "BL23" not in {one["code"] for one in told(page, "select")}


@pytest.mark.parametrize("webgl", [True, False], ids=["in three dimensions", "flat"])
def test_what_stands_behind_a_hand_has_no_dots(opened, webgl):
    page = opened(webgl)

    see(page, "left hand, palm")

    seen = page.evaluate("""() => {
        const { stage, points, places } = document.querySelector("#chart").bodyChart;
        return points.filter(({ xyz, normal }) => stage.sees(xyz, normal)).map(({ code }) => places[code].region);
    }""")
    assert "leg" not in seen
    assert "abdomen" not in seen
    assert seen.count("hand") > 5


def test_flat_it_is_looked_for_what_stands_in_the_way_once_for_each_view_and_place(opened):
    page = opened(webgl=False)

    rays = page.evaluate("""async () => {
        const chart = document.querySelector("#chart").bodyChart;
        const hit = chart.surface.hit.bind(chart.surface);
        let rays = 0;
        chart.surface.hit = (...ray) => {
            rays += 1;
            return hit(...ray);
        };
        const drawn = async (act) => {
            rays = 0;
            await act();
            await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
            return rays;
        };
        return { again: await drawn(() => chart.redraw()), back: await drawn(() => chart.show("back", true)),
                 back_again: await drawn(() => chart.redraw()), front: await drawn(() => chart.show("front", true)) };
    }""")

    assert (rays["again"], rays["back_again"]) == (0, 0)
    assert min(rays["back"], rays["front"]) > 100


@pytest.mark.parametrize("size", [(390, 844), (320, 700)])
def test_on_a_phone_the_whole_body_stands_between_the_buttons(opened, size):
    page = opened(viewport={"width": size[0], "height": size[1]})
    views, tones = (page.locator(name).bounding_box() for name in (".body-views", ".body-tones"))

    assert spot(page, "GV20", "midline")[1] > views["y"] + views["height"]
    assert spot(page, "ST45")[1] < tones["y"]
    assert all(0 < spot(page, "LI1", side)[0] < size[0] for side in ("left", "right"))


@pytest.mark.parametrize("width", [390, 320, 700, 1280])
def test_the_list_lies_over_nothing_that_stands_below_it(opened, width):
    page = opened(viewport={"width": width, "height": 700})
    over = page.evaluate("""() => [...document.querySelectorAll(".body-finder")].filter((one) => one.offsetHeight)
        .map((one) => [".body-list", ".body-right"].map((name) => document.querySelector(name).getBoundingClientRect().bottom))
        .map(([list, right]) => list - right)""")

    assert len(over) == 1 and over[0] <= 1


def test_a_touch_beside_all_points_says_which_is_nearest_and_tells_the_place(opened):
    page = opened()
    page.get_by_label("Find a point").fill("st36")
    see(page, "chest")

    box = page.locator(".body-picture").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2 + 20, box["y"] + box["height"] / 2)

    [place] = told(page, "place")
    assert place["side"] == "left"
    assert place["x"] > 0
    assert {"face", "weights", "y", "z"} <= set(place)
    assert page.get_by_text("No point here. Nearest:").is_visible()
    assert told(page, "select") == []


@pytest.mark.parametrize("webgl", [True, False], ids=["in three dimensions", "flat"])
def test_keys_show_four_sides(opened, webgl):
    page = opened(webgl)
    page.locator(".body-picture").focus()

    for key, view, code, side in (("b", "back", "BL23", "left"), ("l", "left", "GB31", "left"), ("r", "right", "GB31", "right"),
                                  ("f", "front", "CV12", "midline")):
        page.keyboard.press(key)
        until(page, "(name) => document.querySelector('.body-picture').dataset.view === name", view)

        seen = page.evaluate("""([code, side]) => {
            const chart = document.querySelector("#chart").bodyChart;
            const point = chart.points.find((one) => one.code === code && one.side === side);
            return chart.stage.sees(point.xyz, point.normal);
        }""", [code, side])
        assert seen, view
        assert page.get_by_role("button", name=view.capitalize(), exact=True).first.get_attribute("aria-pressed") == "true"


def test_arrow_keys_turn_and_zoom_and_enter_takes_the_point_in_the_middle(opened):
    page = opened()
    page.evaluate("""() => {
        const chart = document.querySelector("#chart").bodyChart;
        const { xyz } = chart.points.find((one) => one.code === "ST36" && one.side === "left");
        chart.stage.show({ centre: xyz, radius: 80, outward: [0, 0, 1] }, true);
    }""")
    page.locator(".body-picture").focus()

    before = page.evaluate(EYE)
    for key in ("ArrowLeft", "ArrowRight", "+", "Enter"):
        page.keyboard.press(key)
    after = page.evaluate(EYE)

    assert after[0] == pytest.approx(before[0])
    assert after[1] == pytest.approx(0.8 * before[1])
    assert [(one["code"], one["side"]) for one in told(page, "select")] == [("ST36", "left")]


def test_the_list_does_everything_by_keyboard(opened):
    page = opened()

    page.get_by_label("Find a point").press_sequentially("zusanli")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "listbox"
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")

    assert [(one["code"], one["side"]) for one in told(page, "select")] == [("ST36", "left"), ("ST36", "right")]
    chosen = page.get_by_role("listbox").get_by_role("option", selected=True)
    assert chosen.text_content().startswith("ST36")
    assert page.locator("[role=listbox]:visible").get_attribute("aria-activedescendant") == chosen.get_attribute("id")


def test_a_point_is_found_by_code_pinyin_and_hanzi(opened):
    page, find = opened(), "Find a point"
    first = {"st 36": "ST36", "ST3": "ST3", "足三里": "ST36", "hegu": "LI4", "Hégǔ": "LI4", "EX-HN5": "EX-HN5"}

    found = {}
    for typed in first:
        page.get_by_label(find).fill("")
        assert listed(page)[0] == "LU1"  # what was typed before is gone
        page.get_by_label(find).fill(typed)
        found[typed] = listed(page)[0]

    assert found == first


def test_filters_narrow_the_list_and_the_body_alike(opened):
    page = opened()

    page.get_by_label("Channel").select_option("GB")
    page.get_by_label("Region", exact=True).select_option("head")

    names = listed(page)
    assert names
    assert all(code.startswith("GB") for code in names)
    assert set(page.evaluate(SHOWN)) == set(names)
    page.get_by_role("button", name="Show all points").click()
    assert options(page).count() > 400


def test_a_protocol_shows_its_points(opened):
    page = opened()

    page.get_by_label("Protocol").select_option("saline-pc6-nausea")

    assert listed(page) == ["PC6"]


def test_points_that_are_not_allowed_can_be_neither_listed_nor_touched(opened):
    page = opened()
    see(page, "left leg, front")
    page.evaluate("document.querySelector('#chart').bodyChart.setAllowed(['SP6'])")

    page.mouse.click(*spot(page, "ST36"))

    assert listed(page) == ["SP6"]
    assert told(page, "select") == []


def test_points_inside_of_the_mouth_are_list_entries(opened):
    page = opened()

    page.get_by_label("Find a point").fill("gv28")
    page.keyboard.press("Enter")

    assert "in the list only" in page.locator(".body-card:visible").inner_text()
    assert [one["code"] for one in told(page, "select")] == ["GV28"]


@pytest.mark.parametrize("webgl", [True, False], ids=["in three dimensions", "flat"])
def test_a_point_is_moved_by_drag_and_the_offset_is_told(opened, webgl):
    page = opened(webgl)
    see(page, "left leg, front")
    x, y = spot(page, "ST36")
    page.mouse.click(x, y)
    heights = [one.xyz[1] for one in placing.place(FIGURE.coefficients) if one.side == "left" and one.code in ("ST36", "ST39")]
    scale = abs(spot(page, "ST36")[1] - spot(page, "ST39")[1]) / abs(np.subtract(*heights))  # pixels for a millimetre

    drag(page, (x, y), (x + 12 * scale, y), (x + 20 * scale, y))

    nudge = told(page, "nudge")[-1]
    assert (nudge["code"], nudge["side"]) == ("ST36", "left")
    assert nudge["across_mm"] == pytest.approx(20, abs=3)
    assert abs(nudge["along_mm"]) <= 4
    assert f"{nudge['across_mm']} mm lateral" in page.locator(".body-shift").inner_text()
    assert spot(page, "ST36")[0] == pytest.approx(x + 20 * scale, abs=3)


def test_a_point_is_moved_by_buttons_and_goes_back(opened):
    page = opened()
    page.get_by_label("Find a point").fill("st36")
    page.keyboard.press("Enter")
    page.get_by_text("Move this point").click()

    for _ in range(3):
        page.get_by_role("button", name="1 mm lateral").click()
    page.get_by_role("button", name="1 mm distal").click()
    assert page.locator(".body-shift").inner_text() == "This patient: 1 mm distal and 3 mm lateral."
    page.get_by_role("button", name="Back to the rule").click()

    assert told(page, "nudge")[-2] == {"code": "ST36", "side": "left", "member": None, "along_mm": -1, "across_mm": 3}
    assert told(page, "nudge")[-1] == {"code": "ST36", "side": "left", "member": None, "along_mm": 0, "across_mm": 0}
    assert page.locator(".body-shift").count() == 0


def test_injections_stand_on_the_body_in_the_list_and_on_the_card_with_their_age(opened):
    page = opened()
    page.evaluate("""() => document.querySelector("#chart").bodyChart.setInjections([
        { code: "ST36", side: "left", days: 0, words: "0.5 mL" }, { code: "ST36", side: "left", days: 20, words: "0.3 mL" },
        { code: "ST36", side: "left", status: "planned", words: "0.2 mL" }, { code: "LI4", side: "right", days: 5 }])""")

    page.get_by_label("Find a point").fill("st36")
    page.keyboard.press("Enter")

    assert page.locator(".body-history li").all_inner_texts() == ["this visit · 0.5 mL", "20 days ago · 0.3 mL",
                                                                           "planned · 0.2 mL"]
    legend = page.locator(".body-legend li").all_inner_texts()
    assert legend == ["planned", "this visit", "up to 7 days", "up to 30 days", "earlier"]
    assert "this visit" in options(page).first.text_content()


@pytest.mark.parametrize("webgl", [True, False], ids=["in three dimensions", "flat"])
def test_pain_is_painted_measured_and_taken_back(opened, webgl):
    page = opened(webgl)
    page.get_by_role("button", name="Pain drawing").click()
    page.get_by_role("button", name="8 of 10").click()
    x, y = spot(page, "CV12", "midline")

    drag(page, (x, y), (x + 12, y + 8))

    painted = told(page, "pain")[-1]
    area = pain.area_cm2([tuple(run) for run in painted["runs"]], mesh.vertices(FIGURE.coefficients))
    assert set(pain.intensities([tuple(run) for run in painted["runs"]]).values()) == {8}
    assert painted["area_cm2"] == pytest.approx(area, rel=1e-3)
    assert 5 < area < 150
    shown = f"{area:.0f}" if area >= 10 else f"{area:.1f}"
    assert page.locator(".body-area").inner_text() == f"Painted: {shown} cm²"

    page.get_by_role("button", name="Undo").click()
    assert told(page, "pain")[-1]["runs"] == []


def test_the_eraser_takes_cells_away(opened):
    page = opened()
    page.get_by_role("button", name="Pain drawing").click()
    x, y = spot(page, "CV12", "midline")
    page.mouse.click(x, y)
    page.get_by_role("button", name="Eraser").click()

    page.mouse.click(x, y)

    first, second = told(page, "pain")
    assert first["area_cm2"] > 0
    assert second["runs"] == []


def test_pain_is_painted_by_keyboard(opened):
    page = opened()
    page.get_by_role("button", name="Pain drawing").click()
    page.locator(".body-picture").focus()

    page.keyboard.press(" ")

    assert told(page, "pain")[-1]["area_cm2"] > 0
    assert page.locator(".body-status").inner_text().startswith("Painted: ")


@pytest.mark.parametrize("webgl", [True, False], ids=["in three dimensions", "flat"])
def test_a_touch_names_the_muscle_and_a_second_one_the_muscle_beneath(opened, webgl):
    page = opened(webgl)
    see(page, "back")
    page.get_by_role("button", name="Trigger points").click()
    page.get_by_role("option", name="Deltoid").wait_for(state="attached")
    page.mouse.click(*spot(page, "BL43"))
    first = page.locator(".body-card:visible h3").inner_text()
    page.mouse.click(*spot(page, "BL43"))

    second = page.locator(".body-card:visible h3").inner_text()
    names = [knowledge.trigger_points()[one["id"]].muscle for one in told(page, "muscle")]
    assert [name.capitalize() for name in names] == [first, second]
    assert first != second
    assert first.startswith("Trapezius")
    assert all(one["at"] for one in told(page, "muscle"))


def test_a_muscle_is_found_by_name_and_tinted(opened):
    page = opened()
    page.get_by_role("button", name="Trigger points").click()
    page.get_by_role("option", name="Deltoid").wait_for(state="attached")

    page.get_by_role("searchbox", name="Find a muscle").fill("levator")
    page.get_by_role("option").filter(has_text="Levator scapulae").click()

    assert [one["id"] for one in told(page, "muscle")] == ["trp-levsc"]
    assert page.evaluate("document.querySelector('#chart').bodyChart.beneath.tints('muscles').length") > 50


def test_hazard_zones_are_tinted_and_named(opened):
    page = opened()

    page.get_by_label("Hazard zones").select_option("lung")

    page.get_by_text("apex of the lung and its pleura").wait_for()
    assert page.get_by_text("Outside of it is not safe; the check decides.").is_visible()
    assert page.evaluate("document.querySelector('#chart').bodyChart.beneath.tints('points').length") > 500


def test_a_point_over_a_structure_says_so(opened):
    page = opened()

    page.get_by_label("Find a point").fill("gb21")
    page.keyboard.press("Enter")

    assert "apex of the lung" in page.locator(".body-beware").inner_text()


def test_the_card_shows_what_the_needle_reaches_as_the_server_says(opened):
    page = opened()
    page.get_by_label("Find a point").fill("st25")
    page.keyboard.press("Enter")
    section = page.locator(".body-section")
    said = cross_section("ST25", 13, **PERSON)
    reaches = section.locator(".body-reaches")

    reaches.get_by_text(said["reaches"]).wait_for()
    assert section.locator("svg > title").text_content() == "Cross-section at ST25: 13 mm of needle at 90 degrees"
    section.get_by_label("In the skin, mm").fill("25")
    section.get_by_label("Angle, degrees").fill("30")
    section.get_by_label("Angle, degrees").press("Tab")

    reaches.get_by_text(cross_section("ST25", 25, 30, **PERSON)["reaches"]).wait_for()
    section.get_by_text("In words, with sources").click()
    assert section.get_by_role("link").count() == len([one for one in said["sources"] if one["address"]])


def test_where_no_thickness_was_published_the_card_says_so(opened):
    page = opened()

    page.evaluate("""() => {
        const chart = document.querySelector("#chart").bodyChart;
        chart.select("ST25", "left");
        chart.select("ST36", "left");
    }""")

    page.locator(".body-reaches").get_by_text("No published thickness on file for this place").wait_for()
    assert page.locator(".body-section svg > title").text_content().startswith("Cross-section at ST36")


def test_the_needle_in_hand_is_drawn(opened):
    page = opened()
    page.get_by_label("Find a point").fill("st25")
    page.keyboard.press("Enter")

    page.evaluate("document.querySelector('#chart').bodyChart.setNeedle({ needle_mm: 6, angle_degrees: 45 })")

    page.locator(".body-section svg > title").get_by_text("6 mm of needle at 45 degrees").wait_for(state="attached")


@pytest.mark.parametrize(("query", "points", "side", "note"), [
    ("?lang=es", "Puntos", "izquierdo", "Traducción sin revisar"), ("?lang=zh-hans", "穴位", "左侧", "译文未经审阅"),
])
def test_the_chart_speaks_the_language_of_its_page(opened, query, points, side, note):
    page = opened(query=query, viewport={"width": 390, "height": 844})

    page.get_by_role("searchbox").first.fill("st36")
    page.keyboard.press("Enter")

    assert page.get_by_role("button", name=points, exact=True).get_attribute("aria-pressed") == "true"
    assert page.locator(".body-card:visible").get_by_role("button", name=side, exact=True).get_attribute("aria-pressed") == "true"
    assert page.locator(".body-where").get_attribute("lang") == "en"
    assert note in page.locator(".body-caption").inner_text()
    accessibility.assert_accessible(page)


def test_the_enter_that_ends_a_composition_takes_no_point(opened):
    page = opened()
    page.get_by_label("Find a point").focus()
    device = page.context.new_cdp_session(page)
    device.send("Input.imeSetComposition", {"text": "zusanli", "selectionStart": 7, "selectionEnd": 7})
    options(page).nth(3).wait_for(state="detached")

    device.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", "windowsVirtualKeyCode": 229, "key": "Enter", "code": "Enter"})

    assert told(page, "select") == []


def test_a_group_with_members_on_the_midline_and_beside_it_is_chosen_member_by_member(opened):
    page = opened()

    page.get_by_label("Find a point").fill("ex-hn1")
    for row in range(3):
        options(page).nth(row).click()

    chosen = [(one["member"], one["side"], "face" in one) for one in told(page, "select")]
    assert sorted(chosen) == [("anterior", "midline", True), ("lateral", "left", True), ("posterior", "midline", True)]


def test_another_body_keeps_the_chosen_point_and_the_drawing(opened):
    page = opened()
    page.get_by_label("Find a point").fill("st36")
    page.keyboard.press("Enter")
    before = page.locator(".body-where").inner_text()

    page.get_by_label("Height").fill("185")
    page.get_by_role("button", name="Draw", exact=True).click()
    until(page, "(before) => document.querySelector('.body-where').textContent !== before", before)

    assert "mm below ST35" in page.locator(".body-where").inner_text()


def test_what_cannot_be_drawn_is_said(opened):
    page = opened()
    page.locator("#person").evaluate("(form) => { form.noValidate = true; }")

    page.get_by_label("Age").fill("-3")
    page.locator(".page-error").evaluate("(shown) => { shown.hidden = true; }")
    page.evaluate("() => { window.fetch = async () => new Response('age_years must be finite and positive', { status: 400 }); }")
    page.get_by_role("button", name="Draw", exact=True).click()

    page.get_by_role("alert").get_by_text("age_years").wait_for()


def test_the_guide_is_always_in_sight(opened):
    page = opened()

    for mode in ("Pain drawing", "Points"):
        page.get_by_role("button", name=mode, exact=True).click()
        assert page.get_by_text("Palpation decides.").is_visible()


def test_two_fingers_bring_the_body_nearer(opened):
    page = opened(has_touch=True, viewport={"width": 820, "height": 1180})
    box = page.locator(".body-picture").bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    session = page.context.new_cdp_session(page)
    before = page.evaluate("document.querySelector('#chart').bodyChart.stage.orbit.distance")

    for apart, kind in ((30, "touchStart"), (60, "touchMove"), (90, "touchMove"), (0, "touchEnd")):
        fingers = [{"x": middle[0] + sign * apart, "y": middle[1], "id": number} for number, sign in enumerate((-1, 1))]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers if apart else []})

    assert page.evaluate("document.querySelector('#chart').bodyChart.stage.orbit.distance") < 0.6 * before
    assert told(page, "select") == []


@pytest.mark.parametrize("webgl", [True, False], ids=["in three dimensions", "flat"])
def test_everybody_can_use_it_in_every_size_and_theme(opened, webgl):
    page = opened(webgl)
    page.get_by_label("Find a point").fill("st36")
    page.keyboard.press("Enter")
    page.get_by_text("Move this point").click()

    for mode in ("Points", "Trigger points", "Pain drawing"):
        page.get_by_role("button", name=mode, exact=True).click()
        accessibility.assert_accessible(page)


def test_what_is_touched_while_charting_is_large_enough(opened):
    page = opened()
    page.get_by_label("Find a point").fill("st36")
    page.keyboard.press("Enter")
    page.get_by_text("Move this point").click()

    pressed = ("button:not(.body-link)", "select", "input:not([type=radio])", "[role=option]")
    accessibility.assert_targets(page, ", ".join(f".body-chart {one}" for one in pressed))
