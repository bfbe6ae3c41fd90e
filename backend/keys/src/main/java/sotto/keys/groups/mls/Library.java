package sotto.keys.groups.mls;

import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.bouncycastle.mls.codec.MLSInputStream;
import org.bouncycastle.mls.codec.MLSMessage;
import org.bouncycastle.mls.codec.MLSOutputStream;
import org.bouncycastle.mls.crypto.MlsCipherSuite;
import sotto.keys.groups.GroupException;

/**
 * The door to Bouncy Castle's MLS. It is not made for several threads, and what it decodes refers to cipher suites that
 * are static: there is one lock for the whole process, decoding included. What it throws on hostile input may be
 * anything, errors included; all of it becomes a refusal.
 */
final class Library {
    private static final ReentrantLock LOCK = new ReentrantLock();

    /** A piece of work inside the library. */
    interface Work<T> {
        T run() throws Exception;
    }

    private Library() {}

    /** Runs work on input from outside; whatever it throws means that the input is refused. */
    static <T> T refusing(String what, Work<T> work) throws GroupException {
        LOCK.lock();
        try {
            return work.run();
        } catch (GroupException e) {
            throw e;
        } catch (Throwable e) {
            throw new GroupException.Forged(what + " is refused by the MLS library", e);
        } finally {
            LOCK.unlock();
        }
    }

    /** Runs work on our own state; a failure is a defect, not somebody's input. */
    static <T> T trusted(Work<T> work) {
        LOCK.lock();
        try {
            return work.run();
        } catch (Exception e) {
            throw new IllegalStateException("the MLS library failed on our own state", e);
        } finally {
            LOCK.unlock();
        }
    }

    /**
     * Decodes what was decoded strictly before, and makes sure that the library understood the same: it must encode to
     * the same bytes again. What it holds works with our suite afterwards. Call with the lock held.
     */
    static MLSMessage decode(byte[] bytes, MlsCipherSuite suite) throws Exception {
        MLSMessage decoded = (MLSMessage) MLSInputStream.decode(bytes, MLSMessage.class);
        if (!Arrays.equals(bytes, MLSOutputStream.encode(decoded))) {
            throw new GroupException.Malformed("the MLSMessage is not in its one encoding");
        }
        if (decoded.keyPackage != null) {
            Internals.use(suite, decoded.keyPackage);
        }
        if (decoded.welcome != null) {
            Internals.use(suite, decoded.welcome);
        }
        return decoded;
    }
}
