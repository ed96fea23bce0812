/// Why a request was refused before anybody looked at what it asks for.
///
/// Each of them ends the connection: whatever follows a message that cannot be understood might be part of it (RFC 9112
/// section 11.2, request smuggling). So the answer carries `Connection: close`, and no further byte is parsed.
public enum ParseFailure: UInt8, Error, CaseIterable, Sendable {
    /// `Limits.maxEmptyLines` is exceeded (RFC 9112 section 2.2).
    case tooManyEmptyLines
    /// A CR without LF outside content (RFC 9112 section 2.2).
    case bareCarriageReturn
    /// A LF without CR at the end of a line (RFC 9112 section 2.2 allows either answer).
    case bareLineFeed
    /// NUL or another control byte in a line (RFC 9110 section 5.5, RFC 9112 section 3).
    case controlByte

    /// `Limits.maxRequestLine` is exceeded (RFC 9112 section 3).
    case requestLineTooLong
    /// Not `method SP request-target SP HTTP-version` (RFC 9112 section 3). HTTP/0.9 had no version.
    case malformedRequestLine
    /// Not `HTTP/` with digits and points (RFC 9112 section 2.3).
    case malformedVersion
    /// A version other than 1.1 and 1.0, as in the preface of HTTP/2 (RFC 9110 section 15.6.6).
    case unsupportedVersion
    /// The method CONNECT (RFC 9110 section 9.3.6).
    case connectUnsupported

    /// A fragment, a non-ASCII byte, or another byte that RFC 3986 does not allow (RFC 9112 section 3.2).
    case malformedTarget
    /// A percent sign without two hexadecimal digits, or `%00` (RFC 3986 section 2.1).
    case malformedPercentEncoding
    /// The authority-form, which is for CONNECT only, and everything without meaning (RFC 9112 section 3.2).
    case unsupportedTargetForm
    /// The asterisk-form with another method than OPTIONS (RFC 9112 section 3.2.4).
    case asteriskWithoutOptions
    /// User information, or no valid host and port, in an absolute-form target (RFC 9110 section 4.2).
    case malformedAuthority

    /// `Limits.maxHeaderBytes` is exceeded (RFC 6585 section 5).
    case fieldSectionTooLarge
    /// `Limits.maxHeaders` is exceeded (RFC 6585 section 5).
    case tooManyFields
    /// Whitespace at the start of a field line, the first one included (RFC 9112 sections 2.2 and 5.2).
    case foldedField
    /// Whitespace between field name and colon (RFC 9112 section 5.1).
    case blankBeforeColon
    /// A field name that is not a token, or a line without a colon (RFC 9112 section 5).
    case malformedFieldName

    /// No Host in HTTP/1.1 (RFC 9112 section 3.2).
    case missingHost
    /// More than one Host line (RFC 9112 section 3.2).
    case repeatedHost
    /// User information, a path, a list, or a bad port in Host (RFC 9112 section 3.2).
    case malformedHost
    /// An empty Host for a target that belongs to one (RFC 9112 section 3.2).
    case emptyHost

    /// Not one decimal number of at most 19 digits (RFC 9112 section 6.3).
    case malformedContentLength
    /// More than one Content-Length line, equal or not (RFC 9112 section 6.3).
    case repeatedContentLength
    /// Both ways to say where the content ends (RFC 9112 section 6.1).
    case contentLengthWithTransferEncoding
    /// Transfer-Encoding in HTTP/1.0 (RFC 9112 section 6.1).
    case transferEncodingInOldVersion
    /// Not `chunked` once, though no other coding is named (RFC 9112 section 6.1).
    case malformedTransferEncoding
    /// A transfer coding other than chunked (RFC 9112 section 6.1).
    case unknownTransferCoding
    /// An Expect other than 100-continue (RFC 9110 section 10.1.1).
    case unknownExpectation
    /// `Limits.maxBody` is exceeded (RFC 9110 section 15.5.14).
    case bodyTooLarge

    /// No hexadecimal digit, more than 16 of them, or something else than an extension behind them (RFC 9112 section 7.1).
    case malformedChunkSize
    /// An extension outside the grammar (RFC 9112 section 7.1.1).
    case malformedChunkExtension
    /// `Limits.maxChunkExtensions` is exceeded (RFC 9112 section 7.1.1).
    case chunkExtensionsTooLong
    /// No CR LF behind the data of a chunk (RFC 9112 section 7.1).
    case unterminatedChunk
    /// A trailer field that would change the meaning of the message (RFC 9110 section 6.5.1).
    case forbiddenTrailer
    /// `Limits.maxTrailerBytes` is exceeded (RFC 6585 section 5).
    case trailerSectionTooLarge
}

extension ParseFailure {
    /// The status code to answer with (RFC 9110 section 15): 400, 413, 414, 417, 431, 501 or 505.
    public var status: Int {
        switch self {
        case .bodyTooLarge: 413
        case .requestLineTooLong: 414
        case .unknownExpectation: 417
        case .fieldSectionTooLarge, .tooManyFields, .trailerSectionTooLarge: 431
        case .connectUnsupported, .unknownTransferCoding: 501
        case .unsupportedVersion: 505
        default: 400
        }
    }

    /// What is wrong, as one sentence for the person who sent the request. It repeats no byte of the request.
    public var reason: String {
        switch self {
        case .tooManyEmptyLines: "Too many empty lines precede the request line."
        case .bareCarriageReturn: "A carriage return is not followed by a line feed."
        case .bareLineFeed: "A line ends with a line feed alone; it has to end with a carriage return and a line feed."
        case .controlByte: "A line contains a control character."
        case .requestLineTooLong: "The request line is longer than this server accepts."
        case .malformedRequestLine: "The request line is not a method, a target and a version with single spaces between."
        case .malformedVersion: "The protocol version of the request line is malformed."
        case .unsupportedVersion: "This server speaks HTTP/1.1 and HTTP/1.0 only."
        case .connectUnsupported: "This server is not a proxy: the method CONNECT is not implemented."
        case .malformedTarget: "The request target contains a character that has to be percent-encoded."
        case .malformedPercentEncoding: "The request target contains a malformed percent-encoding, or an encoded NUL."
        case .unsupportedTargetForm: "The request target is neither a path nor an http or https URI."
        case .asteriskWithoutOptions: "The request target * is for the method OPTIONS only."
        case .malformedAuthority: "The host and port of the request target are malformed."
        case .fieldSectionTooLarge: "The header is larger than this server accepts."
        case .tooManyFields: "The header has more fields than this server accepts."
        case .foldedField: "A header line begins with whitespace; folded lines are not accepted."
        case .blankBeforeColon: "There is whitespace between a field name and its colon."
        case .malformedFieldName: "A header line is not a field name, a colon and a value."
        case .missingHost: "The Host header field is missing."
        case .repeatedHost: "There is more than one Host header field."
        case .malformedHost: "The value of the Host header field is malformed."
        case .emptyHost: "The value of the Host header field is empty."
        case .malformedContentLength: "The value of the Content-Length header field is not one decimal number."
        case .repeatedContentLength: "There is more than one Content-Length header field."
        case .contentLengthWithTransferEncoding: "Content-Length and Transfer-Encoding exclude each other."
        case .transferEncodingInOldVersion: "HTTP/1.0 has no Transfer-Encoding."
        case .malformedTransferEncoding: "The Transfer-Encoding is not chunked, named once and without parameters."
        case .unknownTransferCoding: "The only transfer coding that this server implements is chunked."
        case .unknownExpectation: "The only expectation that this server meets is 100-continue."
        case .bodyTooLarge: "The content is larger than this server accepts."
        case .malformedChunkSize: "A chunk size is not 1 to 16 hexadecimal digits."
        case .malformedChunkExtension: "A chunk extension is malformed."
        case .chunkExtensionsTooLong: "The chunk extensions are longer than this server accepts."
        case .unterminatedChunk: "The data of a chunk is not followed by a line end."
        case .forbiddenTrailer: "The trailer has a field that is not allowed in trailers."
        case .trailerSectionTooLarge: "The trailer is larger than this server accepts."
        }
    }
}
