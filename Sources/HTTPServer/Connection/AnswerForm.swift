/// What of a request decides how its answer is written, whatever the answer is.
struct AnswerForm {
    /// Whether it is HEAD, whose answer has no content (RFC 9110 section 9.3.2).
    var isHead: Bool
    /// Whether the connection goes on behind the answer (RFC 9112 section 9.3).
    var keepsAlive: Bool
    /// Whether it is of HTTP/1.0, so that the client has to be told that the connection goes on.
    var isOld = false
}

extension RequestHead {
    /// As the client wants it.
    @inline(__always)
    var answerForm: AnswerForm { AnswerForm(isHead: method == .head, keepsAlive: keepsAlive, isOld: minorVersion == 0) }
}
