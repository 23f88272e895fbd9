"""Articles in the style of news, written for these tests, and the drafts that they must and must not give."""

from datetime import date

from haidang.reading import Document, Draft, RuleExtractor, load_rules

RULES = load_rules()
ARTICLE = """Ngân hàng Sông Xanh ký biên bản ghi nhớ với Sở Khoa học và Công nghệ TP.HCM về gói tín dụng 1.500 tỉ đồng.
Theo kế hoạch, thành phố phấn đấu đến năm 2030 có ít nhất 120 nhà máy thông minh; kinh tế số chiếm 35-40% GRDP.
Năm 2024, kinh tế số ước đạt 22% GRDP.
Ảnh: Minh Anh, 3 dự án
Giá vàng sáng nay tăng 2 triệu đồng/lượng, VN-Index giảm 12 điểm.
Công ty cổ phần Ánh Dương đề xuất thí điểm 500 xe điện tại quận 7.
Tin liên quan
Khởi công 9 dự án trị giá 4 tỷ USD
"""


def drafts(text: str, language: str = "vi") -> tuple[Draft, ...]:
    """The drafts of a text."""
    document = Document("article.txt", text, language, None, date(2025, 12, 9), None, "")
    return RuleExtractor(RULES)(document, 1)


def test_an_article_gives_its_claims_with_kind_and_quantity() -> None:
    found = [(one.kind, one.span.text) for one in drafts(ARTICLE)]
    assert found == [
        ("commitment", "1.500 tỉ đồng"),
        ("target", "ít nhất 120 nhà máy"),
        ("target", "35-40% GRDP"),
        ("indicator", "22% GRDP"),
        ("proposal", "500 xe điện"),
    ]


def test_prices_of_markets_captions_and_related_links_are_left_out() -> None:
    words = " ".join(one.sentence.text for one in drafts(ARTICLE))
    assert "Giá vàng" not in words
    assert "Ảnh:" not in words
    assert "Khởi công 9 dự án" not in words


def test_an_article_goes_on_behind_links_in_its_middle() -> None:
    teaser = "Khởi công 9 dự án trị giá 4 tỷ USD."
    body = "Sáng nay, " + "các sở của thành phố cùng bàn về nước sạch, " * 5 + "và thống nhất thay 70 km ống cũ."
    found = drafts(f"Họp bàn nước sạch.\nTin liên quan\n{teaser}\n{body}")
    assert [one.quantity.minimum for one in found if one.quantity] == [70]


def test_every_span_is_what_the_text_has_there() -> None:
    for one in drafts(ARTICLE):
        assert ARTICLE[one.span.start : one.span.end] == one.span.text
        assert ARTICLE[one.sentence.start : one.sentence.end] == one.sentence.text


def test_organisations_are_found_by_gazetteer_and_by_their_titles() -> None:
    first, *_, last = drafts(ARTICLE)
    assert first.actors[:2] == ("Ngân hàng Sông Xanh", "Sở Khoa học và Công nghệ TP.HCM")
    assert last.actors[0] == "Công ty cổ phần Ánh Dương"


def test_what_is_measured_stands_in_the_subject() -> None:
    by_words = {one.span.text: one for one in drafts(ARTICLE)}
    assert by_words["22% GRDP"].subject == "kinh tế số"
    assert by_words["22% GRDP"].status == ("estimate",)
    period = by_words["22% GRDP"].period
    assert period is not None
    assert (period.start, period.end) == (date(2024, 1, 1), date(2024, 12, 31))


def test_a_horizon_at_the_head_of_a_list_holds_for_its_items() -> None:
    period = next(one.period for one in drafts(ARTICLE) if one.span.text == "35-40% GRDP")
    assert period is not None
    assert (period.start, period.end) == (None, date(2030, 12, 31))


def test_a_promise_without_a_number_is_drafted_where_an_organisation_makes_it() -> None:
    (draft,) = drafts("Tập đoàn Minh Long cam kết đồng hành cùng thành phố trong đào tạo nhân lực số.")
    assert (draft.kind, draft.quantity, draft.actors[0]) == ("commitment", None, "Tập đoàn Minh Long")
    assert drafts("Ông ấy cam kết sẽ đi sớm hơn vào sáng mai.") == ()


def test_the_territory_of_a_sentence_is_kept() -> None:
    (old,) = drafts("GRDP của TP.HCM (cũ) tăng 7,8%.")
    (new,) = drafts("GRDP của TP.HCM sau sáp nhập tăng 6,5%.")
    (country,) = drafts("GDP cả nước tăng 8%.")
    assert [old.scope, new.scope, country.scope] == ["city_old", "city_new", "national"]


def test_increase_and_decrease_are_kept_apart_from_the_number() -> None:
    changes = [
        one.quantity.change for one in drafts("Xuất khẩu tăng 12%, nhập khẩu giảm 3%, tỷ lệ đạt 45%.") if one.quantity
    ]
    assert changes == ["increase", "decrease", None]


def test_an_english_article_is_read_as_well() -> None:
    text = "The city aims to have at least 40 percent of GRDP from the digital economy by 2030. Photo: VNA"
    assert drafts(text, "en") == ()
    (draft,) = drafts(text.replace(" Photo: VNA", ""), "en")
    assert draft.kind == "target"
    assert draft.quantity is not None
    assert (draft.quantity.minimum, draft.quantity.maximum, draft.quantity.unit) == (40, None, "% of GRDP")
