package sotto.demo.bench;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import sotto.demo.Repository;

/** A page of a benchmark's own, built from {@code web/bench} and served on loopback. Nothing of it is in the product's jar. */
final class BenchPage implements AutoCloseable {
    private final HttpServer server;

    /** @param name folder in {@code web/bench} */
    BenchPage(String name) throws IOException {
        server = SimpleFileServer.createFileServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                build(name),
                SimpleFileServer.OutputLevel.NONE);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/index.html";
    }

    private static Path build(String name) throws IOException {
        Path web = Repository.root().resolve("web");
        Process vite = new ProcessBuilder(
                        "node",
                        web.resolve("node_modules/vite/bin/vite.js").toString(),
                        "build",
                        "--logLevel",
                        "error",
                        "--config",
                        web.resolve("bench/" + name + "/vite.config.ts").toString())
                .directory(new File(web.toString()))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            if (vite.waitFor() != 0) throw new IOException("the benchmark's page could not be built");
        } catch (InterruptedException e) {
            vite.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        return web.resolve("target/" + name).toRealPath();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
