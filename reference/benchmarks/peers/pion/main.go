// Two Pion peers in one process, over loopback: what set-up, its DTLS handshake alone, and bytes through a data channel cost. Prints one JSON object.
package main

import (
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/pion/dtls/v2"
	"github.com/pion/dtls/v2/pkg/crypto/selfsign"
	"github.com/pion/webrtc/v3"
)

const messageSize, window = 16 * 1024, 256 * 1024

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// CPU time of this process, user and system, all threads.
func cpu() time.Duration {
	var usage syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

type pair struct {
	offerer, answerer *webrtc.PeerConnection
	channel           *webrtc.DataChannel
	received          int64
	low               chan struct{}
}

// From nothing to a channel that is open on both sides.
func connect() *pair {
	se := webrtc.SettingEngine{}
	se.SetIncludeLoopbackCandidate(true)
	se.SetInterfaceFilter(func(name string) bool { return name == "lo" })
	se.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	api := webrtc.NewAPI(webrtc.WithSettingEngine(se))
	p := &pair{low: make(chan struct{}, 1)}
	var err error
	p.offerer, err = api.NewPeerConnection(webrtc.Configuration{})
	check(err)
	p.answerer, err = api.NewPeerConnection(webrtc.Configuration{})
	check(err)
	opened := make(chan struct{}, 2)
	p.answerer.OnDataChannel(func(channel *webrtc.DataChannel) {
		channel.OnMessage(func(message webrtc.DataChannelMessage) { atomic.AddInt64(&p.received, int64(len(message.Data))) })
		channel.OnOpen(func() { opened <- struct{}{} })
	})
	p.channel, err = p.offerer.CreateDataChannel("bulk", nil)
	check(err)
	p.channel.OnOpen(func() { opened <- struct{}{} })
	p.channel.SetBufferedAmountLowThreshold(window / 2)
	p.channel.OnBufferedAmountLow(func() {
		select {
		case p.low <- struct{}{}:
		default:
		}
	})
	// Trickled, so that nobody waits for the other's gathering.
	early := make(chan func(), 16)
	p.offerer.OnICECandidate(func(c *webrtc.ICECandidate) {
		if c != nil {
			early <- func() { check(p.answerer.AddICECandidate(c.ToJSON())) }
		}
	})
	p.answerer.OnICECandidate(func(c *webrtc.ICECandidate) {
		if c != nil {
			early <- func() { check(p.offerer.AddICECandidate(c.ToJSON())) }
		}
	})
	offer, err := p.offerer.CreateOffer(nil)
	check(err)
	check(p.offerer.SetLocalDescription(offer))
	check(p.answerer.SetRemoteDescription(*p.offerer.LocalDescription()))
	answer, err := p.answerer.CreateAnswer(nil)
	check(err)
	check(p.answerer.SetLocalDescription(answer))
	check(p.offerer.SetRemoteDescription(*p.answerer.LocalDescription()))
	for open := 0; open < 2; {
		select {
		case hand := <-early:
			hand()
		case <-opened:
			open++
		}
	}
	return p
}

func (p *pair) transfer(messages int) {
	message := make([]byte, messageSize)
	want := atomic.LoadInt64(&p.received) + int64(messages)*messageSize
	for i := 0; i < messages; i++ {
		for p.channel.BufferedAmount() > window {
			<-p.low
		}
		check(p.channel.Send(message))
	}
	for atomic.LoadInt64(&p.received) < want {
		time.Sleep(time.Millisecond)
	}
}

func (p *pair) close() {
	p.offerer.Close()
	p.answerer.Close()
}

// One handshake in memory, with certificates on both sides, of which nothing but the signatures is checked.
func handshake(client, server tls.Certificate) {
	near, far := net.Pipe()
	config := func(certificate tls.Certificate) *dtls.Config {
		return &dtls.Config{
			Certificates: []tls.Certificate{certificate}, InsecureSkipVerify: true, ClientAuth: dtls.RequireAnyClientCert,
			ExtendedMasterSecret: dtls.RequireExtendedMasterSecret, CipherSuites: []dtls.CipherSuiteID{dtls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256},
		}
	}
	served := make(chan *dtls.Conn, 1)
	go func() {
		conn, err := dtls.Server(far, config(server))
		check(err)
		served <- conn
	}()
	conn, err := dtls.Client(near, config(client))
	check(err)
	other := <-served
	near.Close()
	far.Close()
	conn.Close()
	other.Close()
}

func main() {
	setups, _ := strconv.Atoi(os.Args[1])
	rounds, _ := strconv.Atoi(os.Args[2])
	messages, _ := strconv.Atoi(os.Args[3])
	var wall, processor, perByte, secured float64
	least := func(best *float64, value float64) {
		if *best == 0 || value < *best {
			*best = value
		}
	}
	// The kernel counts what other threads use late: only many in a row tell.
	const row = 20
	for i := 0; i < setups; i += row {
		var used time.Duration
		for j := 0; j < row; j++ {
			started, before := time.Now(), cpu()
			p := connect()
			least(&wall, time.Since(started).Seconds()*1e3)
			used += cpu() - before
			p.close()
		}
		least(&processor, used.Seconds()*1e3/row)
	}
	client, err := selfsign.GenerateSelfSigned()
	check(err)
	server, err := selfsign.GenerateSelfSigned()
	check(err)
	for i := 0; i < setups; i += row {
		used := cpu()
		for j := 0; j < row; j++ {
			handshake(client, server)
		}
		least(&secured, (cpu()-used).Seconds()*1e3/row)
	}
	p := connect()
	for i := 0; i < rounds; i++ {
		used := cpu()
		p.transfer(messages)
		least(&perByte, float64((cpu()-used).Nanoseconds())/float64(messages*messageSize))
	}
	p.close()
	text, _ := json.Marshal(map[string]interface{}{"setupWallMs": wall, "setupCpuMs": processor, "handshakeCpuMs": secured, "nsPerByte": perByte})
	fmt.Println(string(text))
}
