namespace WebRtcConformance.Wire;
public static class WireText { public static string Dump(WireTree tree) => ""; }
