package io.sluice.load.report;

/** A drawing, a shape after the other; needs nothing from elsewhere. */
final class Svg {
  private final StringBuilder shapes = new StringBuilder();
  private final int width;
  private final int height;

  Svg(int width, int height) {
    this.width = width;
    this.height = height;
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /**
   * @param tip shown when the mouse rests on it
   */
  Svg box(double x, double y, double w, double h, String color, String tip) {
    shapes.append(
        Numbers.format(
            "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" fill=\"%s\">"
                + "<title>%s</title></rect>%n",
            x, y, w, h, color, escaped(tip)));
    return this;
  }

  Svg line(double x1, double y1, double x2, double y2, String color) {
    shapes.append(
        Numbers.format(
            "<line x1=\"%.2f\" y1=\"%.2f\" x2=\"%.2f\" y2=\"%.2f\" stroke=\"%s\"/>%n",
            x1, y1, x2, y2, color));
    return this;
  }

  /**
   * @param points x and y in turns
   */
  Svg path(double[] points, String color) {
    var text = new StringBuilder();
    for (int i = 0; i + 1 < points.length; i += 2) {
      text.append(Numbers.format("%.2f,%.2f ", points[i], points[i + 1]));
    }
    shapes.append(
        "<polyline fill=\"none\" stroke-width=\"2\" stroke=\"%s\" points=\"%s\"/>\n"
            .formatted(color, text.toString().strip()));
    return this;
  }

  /**
   * @param anchor start, middle or end
   */
  Svg text(double x, double y, String anchor, String text) {
    shapes.append(
        Numbers.format(
            "<text x=\"%.2f\" y=\"%.2f\" text-anchor=\"%s\">%s</text>%n",
            x, y, anchor, escaped(text)));
    return this;
  }

  String text() {
    return Numbers.format(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
                + " height=\"%d\" font-family=\"sans-serif\" font-size=\"11\">%n",
            width, height, width, height)
        + shapes
        + "</svg>\n";
  }
}
