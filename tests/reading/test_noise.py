"""Lines of a page that tell no claim: addresses, telephones, times of day, prices of markets, names with a number."""

from datetime import date

import pytest

from haidang.reading import Document, RuleExtractor, load_rules

RULES = load_rules()


@pytest.mark.parametrize(
    "line",
    [
        "Điện thoại: 028.3829.1234 - Fax: 028 3829 5678",
        "Địa chỉ: 86 Lê Thánh Tôn, phường Sài Gòn, TP.HCM",
        "Giấy phép số 1234/GP-BTTTT cấp ngày 12/3/2020",
        "Ngày 20/03/2026 | 08:30 GMT+7",
        "20/03/2026 08:30",
        "Cập nhật lúc 14:25, ngày 20-3-2026",
        "Thứ Sáu, 20/3/2026, 07:00 (GMT+7)",
        "Giá vàng SJC sáng nay tăng 1,2 triệu đồng/lượng, lên 152 triệu đồng.",
        "VN-Index tăng 12,5 điểm lên 1.682 điểm.",
        "Tỷ giá USD/VND ở mức 25.430 đồng.",
        "Ảnh: Hữu Hạnh",
        "Xem thêm: 5 điều cần biết về metro số 2",
        ">> 3 dự án giao thông sắp khởi công",
        "Ông Nguyễn Văn A, 52 tuổi, ngụ phường 5, quận 3.",
        "Mã số thuế 0301234567, tài khoản số 123456789 tại Vietcombank.",
        "Theo Điều 12 Luật Đất đai số 31/2024/QH15 và khoản 3 Điều 5 Nghị định 102/2024/NĐ-CP",
        "Chuyến xe số 109 khởi hành lúc 5h30 từ ga hành khách.",
        "Xe biển số 51F-123.45 đi trên quốc lộ 1 đoạn qua km 1901.",
        "Trận đấu kết thúc với tỷ số 2-1.",
        "Lớp 6A3, khối 12, trường THPT Lê Quý Đôn.",
        "Công nghiệp 4.0, Web3, 5G và AI 2.0.",
        "Bước 1: đăng nhập. Bước 2: chọn dịch vụ.",
        "Trang 12/35",
        "Phòng: 305",
        "Quận: 7",
        "© 2026 Báo ABC. Giữ bản quyền. ISSN 1859-1234",
        "Bình luận (15)",
        "12.345 lượt xem",
        "Thích 120 Chia sẻ 35",
        "Tel: +84 28 3829 1234 Email: info@hcm.gov.vn",
        "Published: 20 March 2026, 08:30",
        "Gold price hits $3,000 per ounce.",
        "Photo: VNA/VNS Hồng Đạt",
        "Read more: 10 things to know about metro line 2",
        "Shares closed 2.1 per cent higher at VND45,000.",
        "Room 305, Floor 3, 59-61 Ly Tu Trong Street, District 1",
        "Mr Nam, 45, has lived here for years.",
        "Flight VN 123 departs at 7.30 am.",
        "Section 2.3 and Table 4 on page 12.",
        "Windows 11, iPhone 17, Boeing 787.",
        "Tags: metro, TP.HCM, 2026",
        "Sinh năm 1975, quê Bến Tre.",
        "Số ghế: A12. Cổng 14.",
        "Giờ làm việc: 7h30 - 11h30, 13h00 - 17h00",
        "Điều 5. Phạm vi điều chỉnh",
        "Câu 3: Hồ sơ gồm những gì?",
    ],
)
def test_a_line_that_tells_no_claim_gives_no_draft(line: str) -> None:
    for language in ("vi", "en"):
        document = Document("page.txt", line, language, None, date(2026, 3, 20), None, "0" * 64)
        assert [one for one in RuleExtractor(RULES)(document, 1) if one.kind != "reference"] == []
