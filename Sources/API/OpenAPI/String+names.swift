extension String {
    /// A declared name as the name of a schema: `parcel_size` and `parcel-size` are `ParcelSize`.
    var pascalCase: String {
        split { $0 == "_" || $0 == "-" }.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    /// The same with a small letter first, as operations begin.
    var camelCase: String { "\(prefix(1))\(pascalCase.dropFirst())" }
}
