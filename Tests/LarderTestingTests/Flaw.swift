/// One thing that a store does wrong.
enum Flaw: String, CaseIterable {
    // Reads.
    case forgetsRowTags, forgetsSetTags, forgetsViewTags
    case ignoresProjections, ignoresFilters, ignoresOrder, ignoresCursors, ignoresLimits
    case countsWrong, reversesIDs, showsUncommitted
    // Writes.
    case beginsAtVersionTwo, countsNoVersions, keepsDeleted, claimsInsertions, givesIDsAgain
    case acceptsDuplicates, acceptsDangling, deletesReferenced, updatesOneByOne
    case reversesOwned, keepsOwnedOfDeleted
    // Units of work.
    case commitsFailures, listsCommitted, findsUnlocked, reversesFound, forgetsKeys, preparesNothing, ignoresDeadlines,
        finishesEarly

    /// The rule of the contract that it breaks.
    var rule: String {
        switch self {
        case .forgetsRowTags: "Rows are found only while they are there"
        case .ignoresProjections: "Projections show their columns and parts"
        case .ignoresFilters, .countsWrong: "Lists have the rows that fulfil their filter, and counts agree"
        case .ignoresOrder, .ignoresCursors, .ignoresLimits: "Pages follow each other by any column in both directions"
        case .reversesIDs: "Ids are those of a list"
        case .forgetsViewTags: "Views are what is computed of their rows"
        case .beginsAtVersionTwo: "New rows have an id, version 1 and their times"
        case .countsNoVersions: "Each change of a row is its next version"
        case .claimsInsertions: "A row that would stay as it is stays as it is"
        case .keepsDeleted: "Deleted rows are gone"
        case .givesIDsAgain: "Upserted rows have their ids, and replace those that are there"
        case .acceptsDuplicates: "No two rows have the same in a unique field"
        case .updatesOneByOne: "Rows that are changed together can exchange unique values"
        case .acceptsDangling: "A row refers to rows that are there"
        case .deletesReferenced: "A row stays while another refers to it"
        case .reversesOwned: "Owned rows are shown by position, and replaced by position"
        case .keepsOwnedOfDeleted: "Owned rows go with their owner"
        case .commitsFailures: "A unit that fails leaves nothing"
        case .listsCommitted: "A unit sees what it wrote"
        case .showsUncommitted: "Nobody else sees what a unit wrote before its end"
        case .finishesEarly: "A unit is known to be finished after its end, and not before"
        case .findsUnlocked: "Units that change one row at the same time lose no change"
        case .reversesFound: "A unit finds rows in the order of their ids"
        case .forgetsKeys: "A unit with a key has its effect once"
        case .preparesNothing: "What is to be done before the commit is done, and can prevent it"
        case .ignoresDeadlines: "A unit that comes too late does nothing"
        case .forgetsSetTags: "A write touches a tag of each read that it changes"
        }
    }
}
