import Domain
import LarderTesting
import Testing

@testable import larder

/// The rows of the domain are the same in every store.
@Suite struct `The stores of the domain` {
    private static let stores = StoreUnderTest.all(over: declarations, tables: .migrations(migrations), views: sqlViews)

    @Test(arguments: stores.flatMap { StoreContract(declarations, over: $0).checks })
    func `hold the contract`(check: StoreContract.Check) async throws { try await check.run() }
}

/// The path of the folder.
let migrations = String(#filePath.prefix(#filePath.count - #fileID.count)) + "../Migrations"
