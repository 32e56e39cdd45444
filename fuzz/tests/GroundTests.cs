namespace WebRtcConformance;
public class GroundTests { [Fact] public void Runs() => Assert.Equal(4, 2 + 2); }
