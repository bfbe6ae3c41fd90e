package sotto.rooms.storm;

import java.util.List;
import java.util.Set;
import sotto.rooms.group.Bytes;
import sotto.rooms.group.KeyPackageInfo;
import sotto.rooms.session.GroupPort;
import sotto.rooms.wire.GroupId;

/** Notes with which keys somebody asked to be let in, or founded a group. */
record Watched(GroupPort port, Set<Bytes> drawn) implements GroupPort {
    @Override
    public Draft draft() throws GroupException {
        Draft draft = port.draft();
        drawn.add(draft.info().signatureKey());
        return draft;
    }

    @Override
    public KeyPackageInfo inspect(byte[] keyPackage) throws GroupException {
        return port.inspect(keyPackage);
    }

    @Override
    public KeyPackageInfo inspectRequest(byte[] keyPackage) throws GroupException {
        return port.inspectRequest(keyPackage);
    }

    @Override
    public Prospect found(GroupId group, Draft draft) throws GroupException {
        return port.found(group, draft);
    }

    @Override
    public OwnCommit commit(List<byte[]> keyPackages, List<Integer> leaves) throws GroupException {
        return port.commit(keyPackages, leaves);
    }

    @Override
    public Staged stage(byte[] commit) throws GroupException {
        return port.stage(commit);
    }

    @Override
    public Prospect join(Draft draft, byte[] welcome) throws GroupException {
        return port.join(draft, welcome);
    }

    @Override
    public void adopt(Prospect prospect) {
        port.adopt(prospect);
    }

    @Override
    public void discard(Prospect prospect) {
        port.discard(prospect);
    }

    @Override
    public byte[] sign(byte[] content) {
        return port.sign(content);
    }

    @Override
    public byte[] signAsIdentity(byte[] content) {
        return port.signAsIdentity(content);
    }

    @Override
    public boolean signedByIdentity(Bytes identity, byte[] content, Bytes signature) {
        return port.signedByIdentity(identity, content, signature);
    }

    @Override
    public boolean signed(byte[] key, byte[] content, byte[] signature) {
        return port.signed(key, content, signature);
    }
}
