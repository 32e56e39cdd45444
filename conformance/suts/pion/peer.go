package main

import (
	"encoding/hex"
	"strings"
	"sync"
	"time"

	"github.com/pion/webrtc/v3"
)

const bind = "127.0.0.1"

type peer struct {
	id, name string
	start    time.Time
	pc       *webrtc.PeerConnection
	gate     sync.Mutex // of what follows
	channels map[string]*webrtc.DataChannel
	closed   bool
}

func create(id, name string, args obj) (*peer, error) {
	if media, _ := args["media"].([]interface{}); len(media) > 0 {
		return nil, answer{"unsupported", "", "media"}
	}
	if wanted, given := args["bind"].(string); given && wanted != bind {
		return nil, answer{"unsupported", "", "bind " + wanted}
	}
	// Loopback and nothing else.
	se := webrtc.SettingEngine{}
	se.SetIncludeLoopbackCandidate(true)
	se.SetInterfaceFilter(func(name string) bool { return name == "lo" })
	se.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	pc, err := webrtc.NewAPI(webrtc.WithSettingEngine(se)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return nil, err
	}
	p := &peer{id: id, name: name, start: time.Now(), pc: pc, channels: map[string]*webrtc.DataChannel{}}
	pc.OnICEConnectionStateChange(func(webrtc.ICEConnectionState) { p.tellState() })
	pc.OnConnectionStateChange(func(webrtc.PeerConnectionState) { p.tellState() })
	pc.OnSignalingStateChange(func(webrtc.SignalingState) { p.tellState() })
	pc.OnICEGatheringStateChange(func(webrtc.ICEGathererState) { p.tellState() })
	pc.OnDataChannel(p.use)
	pc.OnICECandidate(func(c *webrtc.ICECandidate) {
		if c == nil {
			p.emit("peer.candidate", obj{"candidate": nil, "mid": nil})
			return
		}
		line := c.ToJSON()
		p.emit("peer.candidate", obj{"candidate": line.Candidate, "mid": "0"})
	})
	data, _ := args["data"].([]interface{})
	for _, item := range data {
		d, _ := item.(obj)
		label, _ := d["label"].(string)
		options := webrtc.DataChannelInit{Ordered: flag(d, "ordered"), Negotiated: flag(d, "negotiated"), MaxRetransmits: number(d, "maxRetransmits"),
			MaxPacketLifeTime: number(d, "maxPacketLifeTime"), ID: number(d, "id")}
		if protocol, given := d["protocol"].(string); given {
			options.Protocol = &protocol
		}
		channel, err := pc.CreateDataChannel(label, &options)
		if err != nil {
			return nil, err
		}
		p.use(channel)
	}
	return p, nil
}

func flag(d obj, name string) *bool {
	if value, given := d[name].(bool); given {
		return &value
	}
	return nil
}

func number(d obj, name string) *uint16 {
	if value, given := d[name].(float64); given {
		short := uint16(value)
		return &short
	}
	return nil
}

func (p *peer) emit(event string, data obj) {
	p.gate.Lock()
	closed := p.closed
	p.gate.Unlock()
	if !closed {
		write(obj{"ev": event, "case": p.id, "peer": p.name, "t": time.Since(p.start).Nanoseconds(), "data": data})
	}
}

func (p *peer) state() obj {
	state := obj{"ice": p.pc.ICEConnectionState().String(), "dtls": nil, "sctp": nil, "connection": p.pc.ConnectionState().String(),
		"signaling": p.pc.SignalingState().String(), "gathering": p.pc.ICEGatheringState().String()}
	if sctp := p.pc.SCTP(); sctp != nil {
		state["sctp"] = sctp.State().String()
		state["dtls"] = sctp.Transport().State().String()
	}
	return state
}

func (p *peer) tellState() { p.emit("peer.state", p.state()) }

func (p *peer) use(channel *webrtc.DataChannel) {
	label := channel.Label()
	p.gate.Lock()
	p.channels[label] = channel
	p.gate.Unlock()
	channel.OnOpen(func() {
		p.emit("peer.channel", obj{"event": "open", "label": label, "id": channel.ID(), "ordered": channel.Ordered(), "protocol": channel.Protocol()})
	})
	channel.OnClose(func() { p.emit("peer.channel", obj{"event": "close", "label": label}) })
	channel.OnMessage(func(m webrtc.DataChannelMessage) {
		data := obj{"event": "message", "label": label}
		if m.IsString {
			data["text"] = string(m.Data)
		} else {
			data["bytes"] = hex.EncodeToString(m.Data)
		}
		p.emit("peer.channel", data)
	})
}

func (p *peer) close() {
	p.gate.Lock()
	p.closed = true
	p.gate.Unlock()
	p.pc.Close()
}

func refuse(err error) error {
	if err == nil {
		return nil
	}
	reason := "badValue"
	if strings.Contains(err.Error(), "InvalidStateError") {
		reason = "state"
	} else if strings.Contains(strings.ToLower(err.Error()), "sdp") {
		reason = "syntax"
	}
	return answer{"rejected", reason, err.Error()}
}

func described(d webrtc.SessionDescription) obj { return obj{"type": d.Type.String(), "sdp": d.SDP} }

func (p *peer) carryOut(command string, args obj) (obj, error) {
	sdp, _ := args["sdp"].(string)
	kind, _ := args["type"].(string)
	switch command {
	case "peer.createOffer":
		options, _ := args["options"].(obj)
		restart, _ := options["iceRestart"].(bool)
		made, err := p.pc.CreateOffer(&webrtc.OfferOptions{ICERestart: restart})
		return described(made), refuse(err)
	case "peer.createAnswer":
		made, err := p.pc.CreateAnswer(nil)
		return described(made), refuse(err)
	case "peer.setLocal":
		if err := p.pc.SetLocalDescription(webrtc.SessionDescription{Type: webrtc.NewSDPType(kind), SDP: sdp}); err != nil {
			return nil, refuse(err)
		}
		return described(*p.pc.LocalDescription()), nil
	case "peer.setRemote":
		return obj{}, refuse(p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.NewSDPType(kind), SDP: sdp}))
	case "peer.addCandidate":
		line, _ := args["candidate"].(string)
		return obj{}, refuse(p.pc.AddICECandidate(webrtc.ICECandidateInit{Candidate: line}))
	case "peer.send", "peer.closeChannel":
		return p.onChannel(command, args)
	case "peer.wait":
		return p.wait(args)
	case "peer.stats":
		return obj{"state": p.state(), "selected": p.selected()}, nil
	}
	return nil, answer{"unsupported", "", command}
}

func (p *peer) onChannel(command string, args obj) (obj, error) {
	label, _ := args["channel"].(string)
	p.gate.Lock()
	channel := p.channels[label]
	p.gate.Unlock()
	if channel == nil {
		return nil, answer{"badRequest", "", "no such channel"}
	}
	if command == "peer.closeChannel" {
		return obj{}, refuse(channel.Close())
	}
	if text, given := args["text"].(string); given {
		return obj{}, refuse(channel.SendText(text))
	}
	if fill, given := args["fill"].(obj); given {
		size, _ := fill["size"].(float64)
		seed, _ := fill["seed"].(float64)
		bytes := make([]byte, int(size))
		for i := range bytes {
			bytes[i] = byte(int(seed) + 31*i)
		}
		return obj{}, refuse(channel.Send(bytes))
	}
	text, _ := args["bytes"].(string)
	bytes, err := hex.DecodeString(text)
	if err != nil {
		return nil, answer{"badRequest", "", err.Error()}
	}
	return obj{}, refuse(channel.Send(bytes))
}

func (p *peer) wait(args obj) (obj, error) {
	ms, given := args["ms"].(float64)
	if !given {
		ms = 1000
	}
	until, _ := args["until"].(obj)
	end := time.Now().Add(time.Duration(ms) * time.Millisecond)
	for {
		state := p.state()
		reached := true
		for k, v := range until {
			reached = reached && state[k] == v
		}
		if reached || time.Now().After(end) {
			return obj{"reached": reached, "state": state}, nil
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func (p *peer) selected() interface{} {
	sctp := p.pc.SCTP()
	if sctp == nil {
		return nil
	}
	pair, err := sctp.Transport().ICETransport().GetSelectedCandidatePair()
	if err != nil || pair == nil {
		return nil
	}
	return obj{"local": obj{"ip": pair.Local.Address, "port": pair.Local.Port}, "remote": obj{"ip": pair.Remote.Address, "port": pair.Remote.Port}}
}
