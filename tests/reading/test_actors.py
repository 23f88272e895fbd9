"""Organisations by their titles and names, whether the gazetteer knows them or not."""

import pytest

from haidang.reading import load_rules
from haidang.reading.actors import organisations

RULES = load_rules()


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        (
            "Sở Giao thông Công chánh TP.HCM phối hợp với Sở Tài nguyên và Môi trường.",
            ("Sở Giao thông Công chánh TP.HCM", "Sở Tài nguyên và Môi trường"),
        ),
        ("UBND quận Bình Thạnh và UBND phường 12 đã họp.", ("UBND quận Bình Thạnh", "UBND phường 12")),
        (
            "Tập đoàn Hoa Biển, Công ty TNHH MTV Thoát nước Đô thị và Ngân hàng TMCP Á Châu ký kết.",
            ("Tập đoàn Hoa Biển", "Công ty TNHH MTV Thoát nước Đô thị", "Ngân hàng TMCP Á Châu"),
        ),
        ("Ban Quản lý Đường sắt đô thị trình Bộ Xây dựng.", ("Ban Quản lý Đường sắt đô thị", "Bộ Xây dựng")),
        ("Trung tâm Kiểm soát bệnh tật thành phố cho biết", ("Trung tâm Kiểm soát bệnh tật thành phố",)),
        ("HĐND TP Thủ Đức thông qua nghị quyết", ("HĐND TP Thủ Đức",)),
        ("Chi cục Hải quan khu vực II, Kho bạc Nhà nước", ("Chi cục Hải quan khu vực II", "Kho bạc Nhà nước")),
        ("Sở Y tế đề xuất, Bộ Tài chính vừa có văn bản", ("Sở Y tế", "Bộ Tài chính")),
        ("Bệnh viện Chợ Rẫy và Trường THPT Lê Hồng Phong", ("Bệnh viện Chợ Rẫy", "Trường THPT Lê Hồng Phong")),
        (
            "the Ministry of Natural Resources and Environment and the Department of Construction",
            ("Ministry of Natural Resources and Environment", "Department of Construction"),
        ),
        ("Lotus Group signed with the Saigon Port Authority", ("Lotus Group", "Saigon Port Authority")),
        ("Binh Duong People's Committee asked the Chamber of Commerce",
         ("Binh Duong People's Committee", "Chamber of Commerce")),
        ("the Ho Chi Minh City Department of Transport", ("TP.HCM", "Department of Transport")),
        ("Công ty đã trả nợ, trường học được xây", ()),
    ],
)  # fmt: skip
def test_an_organisation_ends_where_its_name_does(sentence: str, named: tuple[str, ...]) -> None:
    assert organisations(sentence, RULES) == named
