[assembly: System.Runtime.CompilerServices.InternalsVisibleTo("WebRtcConformance.Conformance.Tests")]
