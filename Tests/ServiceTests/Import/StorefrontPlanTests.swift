import Domain
import Model
import Testing

@testable import Service

/// The sample data, with its own column names, by the commands that the manual gives.
@Suite struct `The sample data` {
    private func record<E: Entity>(
        _ entity: E.Type, _ header: String, map: String, _ row: String
    ) throws -> (id: Value, record: E) {
        let (id, values) = try values(ImportTarget(E.schema), header, map: map, row)
        return (id, E(values: values))
    }

    private func values(
        _ target: ImportTarget, _ header: String, map: String, _ row: String
    ) throws -> (id: Value, values: [Value]) {
        guard case .importRows(let request) = try Command(["import", "rows", "file.csv", "--map", map], declarations) else {
            throw UsageError("no import")
        }
        var reader = CSVReader(Array("\(header)\n\(row)\n".utf8))
        let columns = try reader.next()
        let cells = try reader.next()
        let plan = try ImportPlan(target, header: try #require(columns).fields.get(), map: request.map)
        return try plan.row(try #require(cells).fields.get())
    }

    @Test func `has categories`() throws {
        let (id, category) = try record(
            Category.self, "category,categoryname", map: "category=id,categoryname=name", "1,Action")
        #expect(id == .integer(1))
        #expect(category.name == "Action")
    }

    @Test func `has products`() throws {
        let (id, product) = try record(
            Product.self, "prod_id,category,title,actor,price,special,quan_in_stock,sales",
            map: "prod_id=id,category=category_id,quan_in_stock=stock,sales=sold",
            "7,14,ACADEMY ACE,\"TOM, \"\"T\"\" HANKS\",25.99,1,138,9")
        #expect(id == .integer(7))
        #expect(product.categoryID == ID(14))
        #expect(product.actor == "TOM, \"T\" HANKS")
        #expect(product.price == Money(cents: 25_99))
        #expect(product.special)
        #expect(product.stock == 138)
        #expect(product.sold == 9)
    }

    @Test func `has customers`() throws {
        let (_, customer) = try record(
            Customer.self,
            "customerid,firstname,lastname,address1,city,state,zip,country,email,phone,username,age,income,gender",
            map: "customerid=id,firstname=first_name,lastname=last_name,address1=address",
            "1,VKUUXF,ITHOMQJNYX,4608499546 Dell Way,QSDPAGD,,24101,US,a@dell.com,4608499546,user1,55,100000,M")
        #expect(customer.firstName == "VKUUXF")
        #expect(customer.address == "4608499546 Dell Way")
        #expect(customer.state == nil)
        #expect(customer.age == 55)
    }

    @Test func `has orders, whose totals stay what they are`() throws {
        let header = "orderid,orderdate,customerid,netamount,tax,totalamount"
        let map = "orderid=id,orderdate=order_date,customerid=customer_id,netamount=net_amount,totalamount=total_amount"
        let (id, order) = try record(Order.self, header, map: map, "1,2004-01-27,7888,313.24,25.84,339.08")
        #expect(id == .integer(1))
        #expect(order.orderDate.description == "2004-01-27")
        #expect(order.totalAmount == Money(cents: 339_08))
        #expect(
            try record(Order.self, header, map: map, "1,2004-01-27,7888,1.00,1.00,9.00").record.totalAmount == Money(cents: 9_00))
        let computed = map.replacing("totalamount=total_amount", with: "totalamount=-")
        #expect(
            try record(Order.self, header, map: computed, "1,2004-01-27,7888,1.00,1.00,9").record.totalAmount
                == Money(cents: 2_00))
    }

    @Test func `has lines of orders, which have no id`() throws {
        let (id, values) = try values(
            ImportTarget(Order.owned[0], of: Order.schema), "orderlineid,orderid,prod_id,quantity,orderdate",
            map: "orderlineid=line_number,orderid=order_id,prod_id=product_id,orderdate=-", "2,1,9117,3,2004-01-27")
        #expect(id == .null)
        #expect(
            OwnedRow(allValues: values)
                == OwnedRow(owner: .integer(1), position: 2, values: [.integer(9117), .integer(3)]))
    }
}
