import Testing

@testable import Service

@Suite struct `A file to import` {
    private func objection(_ bytes: [UInt8], _ path: String = "people.csv") -> String? {
        FileForm(name: path == "-" ? "standard input" : path, path: path, resource: "customers").objection(to: bytes)
    }

    private func objection(_ text: String) -> String? { objection(Array(text.utf8)) }

    @Test(arguments: ["id,name\n1,a;b\tc\n", "name\nx;y\n", "\u{FEFF}id,name\n", "\"a;b\",c\n", "n\u{E4}me\n"])
    func `may be CSV`(text: String) {
        #expect(objection(text) == nil)
    }

    @Test(arguments: [("id;name\n1;a,b\n", "semicolons"), ("id\tname\r\n1\ta\r\n", "tabs"), ("id|name\n", "vertical bars")])
    func `is named by what divides its columns`(text: String, word: String) {
        #expect(
            objection(text) == "The columns of people.csv are divided by \(word); export it again with commas (RFC 4180).")
    }

    @Test(
        arguments: [
            [0xFF, 0xFE, 0x69, 0, 0x64, 0], [0xFE, 0xFF, 0, 0x69], [0x69, 0, 0x64, 0, 0x2C, 0], [0, 0x69, 0, 0x64],
            [0xFF, 0xFE, 0, 0],
        ] as [[UInt8]])
    func `in UTF-16 is named, with the command that converts it`(bytes: [UInt8]) {
        #expect(
            objection(bytes)
                == "people.csv is in UTF-16; convert it to UTF-8, as in iconv -f UTF-16 -t UTF-8 people.csv | larder import customers -."
        )
    }

    @Test func `whose header is in Latin-1 is named`() {
        #expect(
            objection(Array("id,n".utf8) + [0xE4] + Array("me\n".utf8))
                == "Line 1 of people.csv is not UTF-8; if it is in Windows-1252 or Latin-1, convert it, "
                + "as in iconv -f WINDOWS-1252 -t UTF-8 people.csv | larder import customers -.")
    }

    @Test(
        arguments: [
            ([0x1F, 0x8B, 8], "gzip"), ([0x28, 0xB5, 0x2F, 0xFD], "zstd"), (Array("BZh9".utf8), "bzip2"),
            ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], "xz"),
        ] as [([UInt8], String)])
    func `that is compressed is named, with the command that unpacks it`(bytes: [UInt8], program: String) {
        #expect(
            objection(bytes, "-")
                == "Standard input is compressed; unpack it, as in \(program) -dc - | larder import customers -.")
    }

    @Test func `that is a spreadsheet or empty is named`() {
        #expect(
            objection([0x50, 0x4B, 3, 4, 0])
                == "people.csv is a spreadsheet or a ZIP archive; save it as CSV in UTF-8, or unpack it.")
        #expect(objection([]) == "people.csv is empty; its first line has to name the columns.")
    }
}
