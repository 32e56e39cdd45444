// @document "Media Capture from DOM Elements" https://w3c.github.io/mediacapture-fromelement/
// The interface definitions as the standard prints them, as extracted in @webref/idl 3.85.0.

partial interface HTMLMediaElement {
    MediaStream captureStream ();
};

partial interface HTMLCanvasElement {
    MediaStream captureStream (optional double frameRequestRate);
};

[Exposed=Window] interface CanvasCaptureMediaStreamTrack : MediaStreamTrack {
    readonly        attribute HTMLCanvasElement canvas;
    undefined requestFrame ();
};
