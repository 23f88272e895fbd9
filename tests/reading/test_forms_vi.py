"""Grammatical forms of numbers in Vietnamese news, reports and tables, in sentences written for this test."""

from datetime import date

import pytest

from haidang.reading import load_rules
from haidang.reading.dates import mentions
from haidang.reading.quantities import quantities

RULES = load_rules()
DAY = date(2026, 3, 20)


def read(sentence: str) -> list[tuple]:
    """What is read in a sentence, as plain tuples: least, most, unit, qualifier."""
    found = quantities(sentence, mentions(sentence, DAY), "vi", RULES)
    return [(one.quantity.minimum, one.quantity.maximum, one.quantity.unit, one.quantity.qualifier) for one in found]


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Quận hoàn thành 4/5 chỉ tiêu về y tế.", [(4, 4, "goals", "exactly")]),
        ("Có 17/22 phường đạt chuẩn.", [(17, 17, "communes", "exactly")]),
        ("Xã đạt 19/19 tiêu chí nông thôn mới.", [(19, 19, "goals", "exactly")]),
        ("Đến nay 7/9 dự án đã giải ngân xong.", [(7, 7, "projects", "exactly")]),
        ("Hoàn thành 12 trên 15 nhiệm vụ được giao.", [(12, 12, "tasks", "exactly")]),
        ("Hơn 2/3 diện tích thành phố nằm dưới mức triều cường.", [(66.67, None, "% of area", "more_than")]),
        ("Cứ 5 hộ thì 1 hộ thiếu nước sạch.", [(20, 20, "%", "exactly")]),
        ("Cứ 10 doanh nghiệp thì có 3 doanh nghiệp thua lỗ.", [(30, 30, "%", "exactly")]),
        ("Một nửa số hộ dân chưa nhận tiền.", [(50, 50, "%", "exactly")]),
        ("Thời gian cấp phép giảm một nửa.", [(50, 50, "%", "exactly")]),
        ("Chi phí giảm gần một nửa so với trước.", [(50, 50, "%", "nearly")]),
        ("Số vụ ngập giảm 1/3.", [(33.33, 33.33, "%", "exactly")]),
        ("Lượng khách tăng gấp đôi cùng kỳ.", [(2, 2, "times", "exactly")]),
        ("Doanh thu gấp 2,5 lần năm ngoái.", [(2.5, 2.5, "times", "exactly")]),
        ("Giá trị tăng gấp 3 lần.", [(3, 3, "times", "exactly")]),
        ("Sản lượng tăng hơn 1,5 lần.", [(1.5, None, "times", "more_than")]),
        ("Doanh thu quý III: 12,5 tỷ đồng", [(1.25e10, 1.25e10, "VND", "exactly")]),
        ("| Số dự án | 45 |", [(45, 45, "projects", "exactly")]),
        ("| Tổng vốn (tỷ đồng) | 1.250 |", [(1.25e12, 1.25e12, "VND", "exactly")]),
        ("- Tổng mức đầu tư: 3.400 tỷ đồng", [(3.4e12, 3.4e12, "VND", "exactly")]),
        ("+ Số hồ sơ tiếp nhận: 12.450", [(12450, 12450, "applications", "exactly")]),
        ("Công suất: 25 MW", [(25, 25, "MW", "exactly")]),
        ("Số lao động: 1.250", [(1250, 1250, "people", "exactly")]),
        ("Diện tích (ha): 450", [(450, 450, "ha", "exactly")]),
        ("Tỷ lệ giải ngân (%): 65,4", [(65.4, 65.4, "%", "exactly")]),
        (
            "Vốn của ba dự án lần lượt là 120, 250 và 400 tỷ đồng.",
            [
                (3, 3, "projects", "exactly"),
                (1.2e11, 1.2e11, "VND", "exactly"),
                (2.5e11, 2.5e11, "VND", "exactly"),
                (4e11, 4e11, "VND", "exactly"),
            ],
        ),
        (
            "Tỷ lệ hộ nghèo của hai phường tương ứng là 1,2% và 0,8%.",
            [(2, 2, "communes", "exactly"), (1.2, 1.2, "%", "exactly"), (0.8, 0.8, "%", "exactly")],
        ),
        (
            "Năm 2024 và 2025, thu ngân sách lần lượt đạt 508.000 và 549.000 tỷ đồng.",
            [(5.08e14, 5.08e14, "VND", "exactly"), (5.49e14, 5.49e14, "VND", "exactly")],
        ),
        (
            "Quận 1, quận 3 và quận 5 có lần lượt 12, 9 và 15 trạm.",
            [(12, 12, "stations", "exactly"), (9, 9, "stations", "exactly"), (15, 15, "stations", "exactly")],
        ),
        ("Thành phố cần ba mươi trạm quan trắc.", [(30, 30, "stations", "exactly")]),
        ("Khoảng một trăm hộ phải di dời.", [(100, 100, "households", "about")]),
        ("Hỗ trợ mười hai phường khó khăn.", [(12, 12, "communes", "exactly")]),
        ("Vốn chừng trăm tỷ đồng.", [(1e11, 1e11, "VND", "about")]),
        ("Kinh phí hai tỷ rưỡi đồng.", [(2.5e09, 2.5e09, "VND", "exactly")]),
        ("Hơn hai mươi nghìn công nhân mất việc.", [(20000, None, "people", "more_than")]),
        ("Nửa triệu lượt khách ghé phố đi bộ.", [(500000, 500000, "lượt khách", "exactly")]),
        ("Gần chục dự án đắp chiếu.", [(10, 10, "projects", "nearly")]),
        ("Một tỷ hai trăm triệu đồng được hoàn trả.", [(1.2e09, 1.2e09, "VND", "exactly")]),
        ("Hai mươi mốt trường được sửa chữa.", [(21, 21, "schools", "exactly")]),
        ("Năm mươi lăm cán bộ được điều động.", [(55, 55, "people", "exactly")]),
        ("Hai nghìn năm trăm suất quà được trao.", [(2500, 2500, "gifts", "exactly")]),
        ("Từ 500 đến 700 tỷ đồng sẽ được bố trí.", [(5e11, 7e11, "VND", "exactly")]),
        ("Rút từ 15 ngày xuống còn 7 ngày.", [(15, 15, "days", "exactly"), (7, 7, "days", "exactly")]),
        (
            "Thời gian chờ giảm từ 45 phút xuống 20 phút.",
            [(45, 45, "minutes", "exactly"), (20, 20, "minutes", "exactly")],
        ),
        (
            "Tăng tỷ lệ xanh từ 0,55 lên 0,65 m2/người.",
            [(0.55, 0.55, "m2/person", "exactly"), (0.65, 0.65, "m2/person", "exactly")],
        ),
        ("Nâng từ 120 lên 200 tuyến buýt.", [(120, 120, "lines", "exactly"), (200, 200, "lines", "exactly")]),
        ("Dân số 14 - 15 triệu người.", [(1.4e07, 1.5e07, "people", "exactly")]),
        ("Lãi suất 5,5-6,2%/năm.", [(5.5, 6.2, "%/year", "exactly")]),
        ("Mỗi phòng rộng 25~30 m2.", [(25, 30, "m2", "exactly")]),
        ("Mức phạt từ 2 đến 4 triệu đồng.", [(2e06, 4e06, "VND", "exactly")]),
        ("Khu đất 2.000ha ở Cần Giờ.", [(2000, 2000, "ha", "exactly")]),
        ("Tuyến dài 1,5km.", [(1.5, 1.5, "km", "exactly")]),
        ("Phí giữ xe 3tr/tháng.", [(3e06, 3e06, "VND/month", "exactly")]),
        ("Hỗ trợ 500k mỗi hộ.", [(500000, 500000, "VND/household", "exactly")]),
        ("Gói 30.000 tỉ.", [(3e13, 3e13, "VND", "exactly")]),
        ("Trạm bơm 96.000m3/h.", [(96000, 96000, "m3/hour", "exactly")]),
        ("Hồ chứa 20.000 m³.", [(20000, 20000, "m3", "exactly")]),
        ("Điện mặt trời mái nhà 166kWp.", [(166, 166, "kWp", "exactly")]),
        ("Cảng thông qua 8,5 triệu TEU.", [(8.5e06, 8.5e06, "TEU", "exactly")]),
        ("Giảm 1,2 triệu tấn CO2.", [(1.2e06, 1.2e06, "tCO2", "exactly")]),
        ("Chỉ số SIPAS tăng 2,3 điểm phần trăm.", [(2.3, 2.3, "percentage points", "exactly")]),
        ("Chỉ số PCI tăng 5 bậc.", [(5, 5, "places", "exactly")]),
        ("Đạt 67,12 điểm.", [(67.12, 67.12, "points", "exactly")]),
        (
            "Tiếp nhận 1.234 hồ sơ, trong đó 98,5% đúng hạn.",
            [(1234, 1234, "applications", "exactly"), (98.5, 98.5, "%", "exactly")],
        ),
        ("Giải quyết việc làm cho 150.000 lượt lao động.", [(150000, 150000, "people", "exactly")]),
        ("Trồng 50.000 cây xanh và 12 ha rừng.", [(50000, 50000, "trees", "exactly"), (12, 12, "ha", "exactly")]),
        ("Nồng độ bụi mịn PM2.5 ở mức 35 µg/m3.", [(35, 35, "µg/m3", "exactly")]),
        ("Nhiệt độ lên tới 39 độ C.", [(39, 39, "°C", "exactly")]),
        ("Có 320 ca sốt xuất huyết trong tuần.", [(320, 320, "cases", "exactly")]),
        ("Vận chuyển 12.000 lượt hành khách/ngày.", [(12000, 12000, "passengers/day", "exactly")]),
        ("Xây 6.000 căn nhà ở xã hội.", [(6000, 6000, "homes", "exactly")]),
        (
            "Lắp 1.500 camera và 230 trụ sạc xe điện.",
            [(1500, 1500, "cameras", "exactly"), (230, 230, "stations", "exactly")],
        ),
        ("Cao 81 tầng.", [(81, 81, "storeys", "exactly")]),
        ("Cầu dài 720 m, rộng 4 làn xe.", [(720, 720, "m", "exactly"), (4, 4, "lanes", "exactly")]),
        ("Thu hồi 23 tấn thực phẩm bẩn.", [(23, 23, "t", "exactly")]),
        ("Xử lý 15 cơ sở vi phạm.", [(15, 15, "facilities", "exactly")]),
        ("Mưa 120 mm trong 3 giờ.", [(120, 120, "mm", "exactly"), (3, 3, "hours", "exactly")]),
        ("TP.HCM đứng thứ 2 cả nước về thu hút FDI.", [(2, 2, "rank", "exactly")]),
        ("Thành phố xếp thứ ba sau Hà Nội và Quảng Ninh.", [(3, 3, "rank", "exactly")]),
        (
            "TP.HCM tăng 3 bậc, lên vị trí 105/140 thành phố.",
            [(3, 3, "places", "exactly"), (105, 105, "rank", "exactly")],
        ),
        ("Nằm trong top 5 địa phương dẫn đầu.", [(None, 5, "rank", "at_most")]),
        ("Thuộc nhóm 10 cảng lớn nhất thế giới.", [(None, 10, "rank", "at_most")]),
        ("Tăng trưởng âm 4,5%.", [(-4.5, -4.5, "%", "exactly")]),
        ("Sản lượng giảm 12%.", [(12, 12, "%", "exactly")]),
        ("Chỉ số sản xuất giảm tới 20%.", [(20, 20, "%", "exactly")]),
        ("GRDP quý I tăng trưởng -1,2%.", [(-1.2, -1.2, "%", "exactly")]),
        ("Điện thoại 028 3829 1234, nhà số 86 Lê Thánh Tôn.", []),
        ("Ông Nam, 45 tuổi, ngụ phường 5.", []),
        ("Lúc 15h30, xe 51A-123.45 va chạm.", []),
        ("Theo Luật số 31/2024/QH15, Điều 79, khoản 2.", []),
        ("Tại số 12 đường Nguyễn Huệ, quận 1.", []),
        ("Hotline 1900 1234 hoặc 0909 123 456.", []),
        ("Kỳ họp thứ 10, HĐND khóa X, nhiệm kỳ 2021-2026.", []),
        ("Công nghệ 5G, mạng 4G, Metro số 2.", []),
        ("Vào lúc 8 giờ sáng ngày 3/4.", []),
        ("Từ 7h đến 22h hằng ngày.", []),
        ("Chuyến bay VN123 lúc 14:05.", []),
        ("Nghị định 57/2025/NĐ-CP.", []),
        ("Không ít hơn 25 trường.", [(25, None, "schools", "at_least")]),
        ("Tối đa 30 ngày làm việc.", [(None, 30, "days", "at_most")]),
        ("Chỉ 12% hộ có đồng hồ điện tử.", [(12, 12, "%", "exactly")]),
        ("Lên tới 45.000 tỷ đồng.", [(4.5e13, 4.5e13, "VND", "exactly")]),
        ("Ước khoảng 1.200 tỷ đồng.", [(1.2e12, 1.2e12, "VND", "about")]),
        ("Chưa tới 10% vốn được giải ngân.", [(None, 10, "%", "at_most")]),
        ("Trên 90% người dân hài lòng.", [(90, None, "%", "more_than")]),
        ("Hơn 1.000 tỷ đồng và gần 300 ha.", [(1e12, None, "VND", "more_than"), (300, 300, "ha", "nearly")]),
        ("Thành phố có 168 phường, xã và đặc khu.", [(168, 168, "communes", "exactly")]),
        ("Tổng chi 1.234.567 triệu đồng.", [(1234567000000.0, 1234567000000.0, "VND", "exactly")]),
        (
            "Kim ngạch xuất khẩu 47,5 tỷ USD, tăng 10,2% so với cùng kỳ.",
            [(4.75e10, 4.75e10, "USD", "exactly"), (10.2, 10.2, "%", "exactly")],
        ),
        ("Bình quân 8.500 USD/người/năm.", [(8500, 8500, "USD/person/year", "exactly")]),
        ("Mỗi năm thiếu 10.000 chỗ học.", [(10000, 10000, "seats", "exactly")]),
        ("Thu 2,3 tỷ đồng/ngày.", [(2.3e09, 2.3e09, "VND/day", "exactly")]),
        ("Giải ngân được 35,6% kế hoạch vốn.", [(35.6, 35.6, "% of plan", "exactly")]),
        ("Đầu tư công chiếm 7,8% GRDP.", [(7.8, 7.8, "% of GRDP", "exactly")]),
        ("Số ca mắc tay chân miệng là 1.204 ca.", [(1204, 1204, "cases", "exactly")]),
        ("Khai trương 02 tuyến buýt điện.", [(2, 2, "lines", "exactly")]),
        ("Có 03/05 đơn vị hoàn thành.", [(3, 3, "units", "exactly")]),
        (
            "Metro số 1 đã phục vụ hơn 20 triệu lượt khách, trung bình 55.000 lượt/ngày, gấp 1,3 lần dự kiến.",
            [
                (2e07, None, "passengers", "more_than"),
                (55000, 55000, "passengers/day", "exactly"),
                (1.3, 1.3, "times", "exactly"),
            ],
        ),
        (
            "Toàn thành phố hiện có 1.532 tuyến hẻm dưới 3 m, trong đó 412 hẻm thường xuyên ngập sâu 30-50 cm.",
            [
                (1532, 1532, "lines", "exactly"),
                (None, 3, "m", "at_most"),
                (412, 412, "hẻm", "exactly"),
                (30, 50, "cm", "exactly"),
            ],
        ),
        (
            "Dự án có tổng mức đầu tư 19.600 tỷ đồng, trong đó vốn ngân sách 7.500 tỷ, còn lại là vốn nhà đầu tư.",
            [(1.96e13, 1.96e13, "VND", "exactly"), (7.5e12, 7.5e12, "VND", "exactly")],
        ),
        (
            "Đường rộng 60 m, 10 làn xe, tốc độ thiết kế 80 km/h, dự kiến thông xe dịp 30/4/2027.",
            [(60, 60, "m", "exactly"), (10, 10, "lanes", "exactly"), (80, 80, "km/h", "exactly")],
        ),
        (
            "Tỷ lệ thất thoát nước giảm từ 18,2% năm 2022 xuống 14,5% năm 2025.",
            [(18.2, 18.2, "%", "exactly"), (14.5, 14.5, "%", "exactly")],
        ),
        (
            "Bệnh viện quy mô 1.000 giường, kinh phí 5.800 tỷ đồng, khởi công tháng 9.",
            [(1000, 1000, "beds", "exactly"), (5.8e12, 5.8e12, "VND", "exactly")],
        ),
        (
            "Thu ngân sách hai tháng ước 135.420 tỷ đồng, đạt 16,8% dự toán, tăng 9,4% so với cùng kỳ.",
            [
                (1.3542e14, 1.3542e14, "VND", "exactly"),
                (16.8, 16.8, "% of plan", "exactly"),
                (9.4, 9.4, "%", "exactly"),
            ],
        ),
        (
            "Trong đó thu nội địa 98.200 tỷ đồng (tăng 12,1%), thu xuất nhập khẩu 24.150 tỷ đồng (giảm 3,2%).",
            [
                (9.82e13, 9.82e13, "VND", "exactly"),
                (12.1, 12.1, "%", "exactly"),
                (2.415e13, 2.415e13, "VND", "exactly"),
                (3.2, 3.2, "%", "exactly"),
            ],
        ),
        ("Có 9/22 nhóm hàng tăng trên 10%.", [(9, 9, "groups", "exactly"), (10, None, "%", "more_than")]),
        (
            "Hơn 3.200 người, gồm 1.800 nữ, được đào tạo nghề.",
            [(3200, None, "people", "more_than"), (1800, 1800, "nữ", "exactly")],
        ),
        (
            "Người dân được hỗ trợ tối đa 70% chi phí, không quá 50 triệu đồng/hộ.",
            [(None, 70, "%", "at_most"), (None, 5e07, "VND/household", "at_most")],
        ),
        ("Học phí lớp 6 giảm còn 60.000 đồng mỗi tháng.", [(60000, 60000, "VND/month", "exactly")]),
        (
            "Chương trình 'Mỗi xã một sản phẩm' có 356 sản phẩm đạt 3 sao trở lên.",
            [(356, 356, "products", "exactly"), (3, None, "sao", "at_least")],
        ),
        (
            "Thành phố đặt mục tiêu đến năm 2030 có 50% xe buýt chạy điện, đến năm 2050 là 100%.",
            [(50, 50, "%", "exactly"), (100, 100, "%", "exactly")],
        ),
        (
            "Đội hình có 12 xe cứu hỏa, 3 ca nô và 85 chiến sĩ.",
            [(12, 12, "vehicles", "exactly"), (3, 3, "ships", "exactly"), (85, 85, "soldiers", "exactly")],
        ),
        (
            "Ngân hàng A giải ngân 1.200 tỉ đồng cho 340 khách hàng, lãi suất 6,6%/năm trong 5 năm đầu.",
            [
                (1.2e12, 1.2e12, "VND", "exactly"),
                (340, 340, "khách hàng", "exactly"),
                (6.6, 6.6, "%/year", "exactly"),
                (5, 5, "years", "exactly"),
            ],
        ),
        ("TP Thủ Đức xếp thứ nhất về chuyển đổi số cấp huyện năm 2024.", [(1, 1, "rank", "exactly")]),
        ("Chỉ số PAPI của thành phố đạt 43,2 điểm, thuộc nhóm trung bình cao.", [(43.2, 43.2, "points", "exactly")]),
        (
            "Số doanh nghiệp thành lập mới là 8.213, vốn đăng ký 62.500 tỷ đồng.",
            [(8213, 8213, "enterprises", "exactly"), (6.25e13, 6.25e13, "VND", "exactly")],
        ),
        ("Giảm 30% phí, lệ phí khi nộp hồ sơ trực tuyến.", [(30, 30, "%", "exactly")]),
        ("Tuyến đường dài gần 16 km nối quận 12 với huyện Hóc Môn.", [(16, 16, "km", "nearly")]),
        (
            "Cháy lớn thiêu rụi khoảng 2.000 m2 nhà xưởng ở phường Bình Trị Đông lúc 2h sáng 14/2.",
            [(2000, 2000, "m2", "about")],
        ),
        (
            "Mực nước đỉnh triều đạt 1,68 m, vượt báo động 3 là 0,08 m.",
            [(1.68, 1.68, "m", "exactly"), (0.08, 0.08, "m", "exactly")],
        ),
        (
            "Lượng mưa phổ biến 40-70 mm, có nơi trên 100 mm.",
            [(40, 70, "mm", "exactly"), (100, None, "mm", "more_than")],
        ),
        ("Mật độ xây dựng 35%, hệ số sử dụng đất 5,2 lần.", [(35, 35, "%", "exactly"), (5.2, 5.2, "times", "exactly")]),
        (
            "Khoản vay 123,5 triệu USD từ WB, thời hạn 30 năm, ân hạn 5 năm.",
            [(1.235e08, 1.235e08, "USD", "exactly"), (30, 30, "years", "exactly"), (5, 5, "years", "exactly")],
        ),
        (
            "Lương tối thiểu vùng I tăng 7,2% lên 5,31 triệu đồng/tháng.",
            [(7.2, 7.2, "%", "exactly"), (5.31e06, 5.31e06, "VND/month", "exactly")],
        ),
        (
            "Thời gian di chuyển còn 30 phút thay vì 2 giờ như trước.",
            [(30, 30, "minutes", "exactly"), (2, 2, "hours", "exactly")],
        ),
        (
            "Năm 2025, kiều hối về TP.HCM đạt 10,34 tỷ USD, tăng 8,3%.",
            [(1.034e10, 1.034e10, "USD", "exactly"), (8.3, 8.3, "%", "exactly")],
        ),
        ("Diện tích cây xanh công cộng bình quân đầu người đạt 1,2 m2.", [(1.2, 1.2, "m2", "exactly")]),
        (
            "Tổng công ty vận hành 2.209 xe buýt, trong đó 1.105 xe điện và 598 xe CNG.",
            [
                (2209, 2209, "vehicles", "exactly"),
                (1105, 1105, "vehicles", "exactly"),
                (598, 598, "vehicles", "exactly"),
            ],
        ),
        (
            "Dịch vụ công trực tuyến toàn trình đạt 83,6%; hồ sơ trực tuyến chiếm 71,2%.",
            [(83.6, 83.6, "%", "exactly"), (71.2, 71.2, "%", "exactly")],
        ),
        (
            "Công an phạt 1,2 tỉ đồng, tước 37 giấy phép lái xe.",
            [(1.2e09, 1.2e09, "VND", "exactly"), (37, 37, "permits", "exactly")],
        ),
        ("Cả nước có 34 tỉnh, thành sau sắp xếp.", [(34, 34, "provinces", "exactly")]),
        (
            "Hai tòa nhà cao 35 tầng với 1.240 căn hộ sẽ bàn giao quý IV/2026.",
            [(2, 2, "buildings", "exactly"), (35, 35, "storeys", "exactly"), (1240, 1240, "homes", "exactly")],
        ),
        (
            "Hội chợ có 350 gian hàng của 210 doanh nghiệp đến từ 15 quốc gia.",
            [(350, 350, "stalls", "exactly"), (210, 210, "enterprises", "exactly"), (15, 15, "countries", "exactly")],
        ),
        (
            "Quỹ đất hơn 1.000ha dọc Vành đai 3 dự kiến thu về 240.000 tỷ đồng.",
            [(1000, None, "ha", "more_than"), (2.4e14, 2.4e14, "VND", "exactly")],
        ),
        (
            "Tăng trưởng tín dụng 13,6%; nợ xấu ở mức 2,4% tổng dư nợ.",
            [(13.6, 13.6, "%", "exactly"), (2.4, 2.4, "% of credit", "exactly")],
        ),
        (
            "Thành phố cần 49.200 phòng học, hiện mới có 45.100 phòng, thiếu khoảng 4.100 phòng.",
            [(49200, 49200, "rooms", "exactly"), (45100, 45100, "rooms", "exactly"), (4100, 4100, "rooms", "about")],
        ),
        ("Trung bình 297 phòng học/10.000 dân trong độ tuổi.", [(297, 297, "rooms", "exactly")]),
        ("Triển khai thu phí trên 5 tuyến đường.", [(5, 5, "roads", "exactly")]),
        ("Có trên 100 tuyến đường xuống cấp.", [(100, None, "roads", "more_than")]),
        ("Khảo sát 1.200 doanh nghiệp.", [(1200, 1200, "enterprises", "exactly")]),
        ("7/10 doanh nghiệp muốn mở rộng.", [(70, 70, "%", "exactly")]),
        ("Từ 1/7 doanh nghiệp kê khai điện tử.", []),
    ],
)
def test_a_vietnamese_sentence_is_read_number_by_number(sentence: str, told: list[tuple]) -> None:
    assert read(sentence) == told
