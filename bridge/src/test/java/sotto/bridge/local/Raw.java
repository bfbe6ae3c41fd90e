package sotto.bridge.local;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** HTTP by hand: what an attacker sends need not be what a client library would send. */
record Raw(int status, Map<String, List<String>> headers, String body) {

    /** Sends the lines as a request head without body and reads the answer to its end. */
    static Raw send(int port, String... lines) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            String head = String.join("\r\n", lines) + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(ISO_8859_1));
            return parse(new String(socket.getInputStream().readAllBytes(), ISO_8859_1));
        }
    }

    static Raw get(int port, String path, String... headers) throws IOException {
        List<String> lines = new ArrayList<>(List.of("GET " + path + " HTTP/1.1", "Host: 127.0.0.1:" + port));
        lines.addAll(List.of(headers));
        return send(port, lines.toArray(String[]::new));
    }

    /** A WebSocket handshake; the connection ends with the answer, so only for those that are refused. */
    static Raw handshake(int port, String path, String... headers) throws IOException {
        List<String> lines = new ArrayList<>(List.of("GET " + path + " HTTP/1.1"));
        lines.addAll(List.of(headers));
        lines.addAll(List.of(
                "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAECAwQFBgcICQoLDA0ODw=="));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            String head = String.join("\r\n", lines) + "\r\nConnection: Upgrade\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(ISO_8859_1));
            StringBuilder answer = new StringBuilder();
            while (answer.indexOf("\r\n\r\n") < 0) {
                int next = socket.getInputStream().read();
                if (next < 0) break;
                answer.append((char) next);
            }
            return parse(answer.toString());
        }
    }

    private static Raw parse(String answer) {
        int end = answer.indexOf("\r\n\r\n");
        String[] head = answer.substring(0, end < 0 ? answer.length() : end).split("\r\n");
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 1; i < head.length; i++) {
            int colon = head[i].indexOf(':');
            headers.computeIfAbsent(head[i].substring(0, colon), name -> new ArrayList<>())
                    .add(head[i].substring(colon + 1).strip());
        }
        return new Raw(Integer.parseInt(head[0].split(" ")[1]), headers, end < 0 ? "" : answer.substring(end + 4));
    }

    String header(String name) {
        return String.join(", ", headers.getOrDefault(name, List.of()));
    }
}
