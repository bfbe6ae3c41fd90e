package sotto.app.window;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Image;
import java.awt.RenderingHints;
import java.awt.geom.Arc2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.IntStream;

/** The app's icon, drawn in every size that a desktop asks for: a voice that does not carry far. */
final class WindowIcon {
    private WindowIcon() {}

    static List<Image> images() {
        return IntStream.of(16, 24, 32, 48, 64, 128, 256)
                .mapToObj(WindowIcon::draw)
                .toList();
    }

    static Image draw(int size) {
        BufferedImage image = new BufferedImage(size, size, BufferedImage.TYPE_INT_ARGB);
        Graphics2D to = image.createGraphics();
        to.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        to.scale(size / 64.0, size / 64.0);
        to.setColor(new Color(0x1f, 0x6f, 0x5c));
        to.fill(new RoundRectangle2D.Double(2, 2, 60, 60, 18, 18));
        to.setColor(new Color(0xf4, 0xf1, 0xe8));
        to.fill(new Ellipse2D.Double(15, 25, 14, 14));
        to.setStroke(new BasicStroke(5, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        to.draw(new Arc2D.Double(9, 19, 26, 26, -42, 84, Arc2D.OPEN));
        to.draw(new Arc2D.Double(-1, 9, 46, 46, -38, 76, Arc2D.OPEN));
        to.dispose();
        return image;
    }
}
