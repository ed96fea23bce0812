internal import CHiredis

/// hiredis' parser of replies, which puts what it finds into memory that is used again.
///
/// hiredis would allocate each element of a reply; an array of 64 tokens once in each turn of the loop would then
/// cost more than all the rest.
final class ReplyReader {
    enum Outcome {
        /// Valid until the next call.
        case reply(Reply)
        /// More bytes are needed.
        case incomplete
        case failed(RedisFailure)
    }

    private let reader: UnsafeMutablePointer<redisReader>
    private let functions: UnsafeMutablePointer<redisReplyObjectFunctions>
    private let memory: UnsafeMutablePointer<ReplyMemory>

    /// - Parameter limit: how many bytes a reply may have.
    init(limit: Int) {
        memory = .allocate(capacity: 1)
        memory.initialize(to: ReplyMemory(limit: limit))
        functions = .allocate(capacity: 1)
        functions.initialize(to: Self.buildingFunctions())
        reader = redisReaderCreateWithFunctions(functions)
        reader.pointee.privdata = UnsafeMutableRawPointer(memory)
        // hiredis gives its buffer back and takes a new one whenever it is empty and larger than this.
        reader.pointee.maxbuf = ReplyMemory.keptBytes
    }

    deinit {
        redisReaderFree(reader)
        functions.deinitialize(count: 1).deallocate()
        memory.deinitialize(count: 1).deallocate()
    }

    /// Takes bytes that were read.
    func feed(_ bytes: UnsafeRawBufferPointer) {
        // Out of memory is remembered by the reader and comes out of `next()`.
        _ = redisReaderFeed(reader, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
    }

    /// The next reply in what was fed.
    func next() -> Outcome {
        if memory.pointee.isComplete { memory.pointee.removeAll() }
        var object: UnsafeMutableRawPointer?
        guard redisReaderGetReply(reader, &object) == REDIS_OK else {
            return .failed(memory.pointee.isOverLimit ? .replyTooLarge : .malformedReply(message))
        }
        if object == nil {
            // A long string reaches `memory` when it is complete; until then it grows in the reader.
            return reader.pointee.len > memory.pointee.limit ? .failed(.replyTooLarge) : .incomplete
        }
        memory.pointee.isComplete = true
        return .reply(memory.pointee.reply)
    }

    private var message: String {
        withUnsafeBytes(of: &reader.pointee.errstr) { text in
            String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    /// Each function returns any pointer but null, which would mean that there is no memory left.
    private static func buildingFunctions() -> redisReplyObjectFunctions {
        var functions = redisReplyObjectFunctions()
        functions.createString = { task, text, length in
            let task = task!.pointee
            let kind: ReplyNode.Kind = task.type == REDIS_REPLY_ERROR ? .error : .text
            return ReplyMemory.add(to: task.privdata) {
                $0.addText(kind, UnsafeRawBufferPointer(start: text, count: Int(length)))
            }
        }
        functions.createArray = { task, count in
            ReplyMemory.add(to: task!.pointee.privdata) { $0.add(ReplyNode(kind: .array, count: Int(count), value: 0)) }
        }
        functions.createInteger = { task, number in
            ReplyMemory.add(to: task!.pointee.privdata) { $0.add(ReplyNode(kind: .integer, count: 0, value: Int(number))) }
        }
        functions.createNil = { task in
            ReplyMemory.add(to: task!.pointee.privdata) { $0.add(ReplyNode(kind: .nothing, count: 0, value: 0)) }
        }
        functions.freeObject = { _ in }
        return functions
    }
}
